// Dark, light, or as the system has it. Kept by the server for those who sign in, and in this browser for the
// first paint and for everyone else; overridden by ?theme= in the address.
import type { FrontendSettings } from '@narthex/grafanaapi';

export type ThemePreference = 'dark' | 'light' | 'system';

const KEY = 'narthex.theme';

export function isPreference(value: unknown): value is ThemePreference {
  return value === 'dark' || value === 'light' || value === 'system';
}

/** Undefined where this browser keeps none. */
function kept(): ThemePreference | undefined {
  try {
    const stored = window.localStorage.getItem(KEY);
    return isPreference(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

export const storedPreference = (): ThemePreference => kept() ?? 'dark';

export function storePreference(preference: ThemePreference): void {
  try {
    window.localStorage.setItem(KEY, preference);
  } catch {
    // A browser that keeps nothing still shows the theme until the page is left.
  }
}

/** What the server would have, over what this browser keeps; undefined to leave things as they are. */
export function preferenceOf({ user, defaultTheme }: FrontendSettings, own = kept()): ThemePreference | undefined {
  if (isPreference(user.theme) && (user.isSignedIn || own === undefined)) return user.theme;
  return own === undefined && isPreference(defaultTheme) ? defaultTheme : undefined;
}
