// Dark, light, or as the system has it: kept in this browser, overridden by ?theme= in the address.

export type ThemePreference = 'dark' | 'light' | 'system';

const KEY = 'narthex.theme';

export function isPreference(value: unknown): value is ThemePreference {
  return value === 'dark' || value === 'light' || value === 'system';
}

export function storedPreference(): ThemePreference {
  try {
    const stored = window.localStorage.getItem(KEY);
    return isPreference(stored) ? stored : 'dark';
  } catch {
    return 'dark';
  }
}

export function storePreference(preference: ThemePreference): void {
  try {
    window.localStorage.setItem(KEY, preference);
  } catch {
    // A browser that keeps nothing still shows the theme until the page is left.
  }
}
