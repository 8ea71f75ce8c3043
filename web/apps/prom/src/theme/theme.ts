// Mantine set to the colours and type of tokens.css.
import {
  createTheme,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

const indigo: MantineColorsTuple = [
  '#eef0ff',
  '#dcdffc',
  '#b7bdf7',
  '#929bf3',
  '#7984f0',
  '#6470ea',
  '#5a66e0',
  '#4f5bd5',
  '#4350c4',
  '#3641a6',
];

const dark: MantineColorsTuple = [
  '#e4e7ec',
  '#c3c9d3',
  '#939cac',
  '#6b7484',
  '#3b4352',
  '#282e3a',
  '#1d222b',
  '#161a21',
  '#11141a',
  '#0e1015',
];

export const theme = createTheme({
  colors: { indigo, dark },
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'var(--nx-font)',
  fontFamilyMonospace: 'var(--nx-mono)',
  respectReducedMotion: true,
});

export const cssVariables: CSSVariablesResolver = () => {
  const own = {
    '--mantine-color-body': 'var(--nx-raised)',
    '--mantine-color-text': 'var(--nx-text)',
    '--mantine-color-dimmed': 'var(--nx-muted)',
    '--mantine-color-default': 'var(--nx-surface)',
    '--mantine-color-default-hover': 'var(--nx-hover)',
    '--mantine-color-default-border': 'var(--nx-border)',
    '--mantine-color-default-color': 'var(--nx-text)',
    '--mantine-color-placeholder': 'var(--nx-muted)',
    '--mantine-color-error': 'var(--nx-error)',
  };
  return { variables: {}, light: own, dark: own };
};

// public/theme.js reads this key before the page is drawn.
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'narthex.theme' });
