// Builds the theme, hands it to the components, and writes its colours as CSS variables for app.css.
import { createTheme, type GrafanaTheme2 } from '@grafana/data';
import { GlobalStyles, PortalContainer, ThemeContext } from '@narthex/vizkit';
import { createContext, useCallback, useContext, useLayoutEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';

import { updateSearch, useAddress } from '../router/location';
import { isPreference, storedPreference, storePreference, type ThemePreference } from './preference';

const PRIMARY = {
  dark: { main: '#5b68e6', text: '#93a0ff', border: '#7c88f5' },
  light: { main: '#4450c8', text: '#3a46bd', border: '#4450c8' },
};
const GRADIENTS = {
  brandHorizontal: 'linear-gradient(90deg, #4350c4, #6f7cf7)',
  brandVertical: 'linear-gradient(0deg, #4350c4, #93a0ff)',
};
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function useSystemDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      systemDark.addEventListener('change', listener);
      return () => systemDark.removeEventListener('change', listener);
    },
    () => systemDark.matches,
  );
}

interface ThemeChoice {
  preference: ThemePreference;
  choose: (preference: ThemePreference) => void;
  /** What is preferred elsewhere: the address goes before it. */
  adopt: (preference: ThemePreference) => void;
}

const ChoiceContext = createContext<ThemeChoice>({ preference: 'dark', choose: () => {}, adopt: () => {} });

export const useThemeChoice = (): ThemeChoice => useContext(ChoiceContext);

function cssVariables(theme: GrafanaTheme2): Record<string, string> {
  const { colors, shape, typography, shadows } = theme;
  return {
    '--background-canvas': colors.background.canvas,
    '--background-primary': colors.background.primary,
    '--background-secondary': colors.background.secondary,
    '--background-elevated': colors.background.elevated,
    '--border-weak': colors.border.weak,
    '--border-medium': colors.border.medium,
    '--text-primary': colors.text.primary,
    '--text-secondary': colors.text.secondary,
    '--text-link': colors.text.link,
    '--text-max': colors.text.maxContrast,
    '--primary': colors.primary.main,
    '--primary-text': colors.primary.text,
    '--primary-faint': colors.primary.transparent,
    '--hover': colors.action.hover,
    '--error-text': colors.error.text,
    '--warning-text': colors.warning.text,
    '--radius': shape.radius.default,
    '--font': typography.fontFamily,
    '--shadow': shadows.z2,
  };
}

export function AppTheme({ children }: { children: ReactNode }) {
  const { search } = useAddress();
  const fromUrl = search.get('theme');
  const [stored, setStored] = useState(storedPreference);
  const isSystemDark = useSystemDark();
  const preference = isPreference(fromUrl) ? fromUrl : stored;
  const mode = preference === 'system' ? (isSystemDark ? 'dark' : 'light') : preference;
  const theme = useMemo(() => createTheme({ colors: { mode, primary: PRIMARY[mode], gradients: GRADIENTS } }), [mode]);

  useLayoutEffect(() => {
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(cssVariables(theme))) style.setProperty(name, value);
    style.colorScheme = mode;
    document.documentElement.dataset['theme'] = mode;
  }, [theme, mode]);

  const adopt = useCallback((next: ThemePreference) => {
    storePreference(next);
    setStored(next);
  }, []);
  const choice = useMemo(
    (): ThemeChoice => ({
      preference,
      adopt,
      choose: (next) => {
        adopt(next);
        // What the person chose now wins over what the address said.
        if (new URLSearchParams(window.location.search).has('theme')) updateSearch({ theme: undefined }, 'replace');
      },
    }),
    [preference, adopt],
  );
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <ChoiceContext.Provider value={choice}>{children}</ChoiceContext.Provider>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}
