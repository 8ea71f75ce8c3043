// The expressions run last in this browser, newest first.
const KEY = 'narthex.history';
const LENGTH_MAX = 50;

// `expr` in front, without a second copy of it.
export function pushHistory(history: readonly string[], expr: string): string[] {
  const bare = expr.trim();
  if (bare === '') return [...history];
  return [bare, ...history.filter((entry) => entry !== bare)].slice(0, LENGTH_MAX);
}

export function readHistory(storage: Storage): string[] {
  try {
    const parsed: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((entry) => typeof entry === 'string') : [];
  } catch {
    // Someone else's or a damaged entry is worth less than the page.
    return [];
  }
}

export function writeHistory(storage: Storage, history: readonly string[]): void {
  try {
    storage.setItem(KEY, JSON.stringify(history));
  } catch {
    // Full or refused storage: the history lasts as long as the page.
  }
}
