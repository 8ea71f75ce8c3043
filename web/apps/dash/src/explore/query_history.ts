// Expressions asked before, newest first, and those that were starred: kept in this browser.
const KEY = 'narthex.explore.history';
const STARS_KEY = 'narthex.explore.stars';
const ENTRIES_MAX = 100;

export function withEntry(history: readonly string[], expr: string): string[] {
  const trimmed = expr.trim();
  return trimmed === '' ? [...history] : [trimmed, ...history.filter((one) => one !== trimmed)].slice(0, ENTRIES_MAX);
}

function read(key: string): string[] {
  try {
    const parsed: unknown = JSON.parse(window.localStorage.getItem(key) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function write(key: string, list: readonly string[]): void {
  try {
    window.localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // A browser that keeps nothing still asks.
  }
}

export const readHistory = (): string[] => read(KEY);
export const readStars = (): string[] => read(STARS_KEY);

export const remember = (expr: string): void => write(KEY, withEntry(readHistory(), expr));

export const withStar = (stars: readonly string[], expr: string): string[] => (stars.includes(expr) ? stars.filter((one) => one !== expr) : [expr, ...stars]);

export const turnStar = (expr: string): void => write(STARS_KEY, withStar(readStars(), expr));

/** Out of what was asked and what is starred: starred ones are kept however old they are. */
export function historyList(history: readonly string[], stars: readonly string[], wanted: string, isStarredOnly: boolean): string[] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const all = isStarredOnly ? stars : [...history, ...stars.filter((expr) => !history.includes(expr))];
  return all.filter((expr) => words.every((word) => expr.toLowerCase().includes(word)));
}

export function forget(expr: string): void {
  write(KEY, readHistory().filter((one) => one !== expr));
  write(STARS_KEY, readStars().filter((one) => one !== expr));
}
