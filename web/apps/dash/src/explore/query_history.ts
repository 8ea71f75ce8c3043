// Expressions asked before, newest first, kept in this browser.
const KEY = 'narthex.explore.history';
const ENTRIES_MAX = 100;

export function withEntry(history: readonly string[], expr: string): string[] {
  const trimmed = expr.trim();
  return trimmed === '' ? [...history] : [trimmed, ...history.filter((one) => one !== trimmed)].slice(0, ENTRIES_MAX);
}

export function readHistory(): string[] {
  try {
    const parsed: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function remember(expr: string): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(withEntry(readHistory(), expr)));
  } catch {
    // A browser that keeps nothing still asks.
  }
}
