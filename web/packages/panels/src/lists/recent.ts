// Dashboards opened lately, newest first, kept in this browser.
const KEY = 'narthex.recent';
const ENTRIES_MAX = 12;

export const withRecent = (before: readonly string[], uid: string): string[] => [uid, ...before.filter((one) => one !== uid)].slice(0, ENTRIES_MAX);

export function readRecent(): string[] {
  try {
    const parsed: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberDashboard(uid: string): void {
  if (uid === '') return;
  try {
    window.localStorage.setItem(KEY, JSON.stringify(withRecent(readRecent(), uid)));
  } catch {
    // A browser that keeps nothing has no list.
  }
}
