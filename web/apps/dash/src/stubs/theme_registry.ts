// Stands in for the registry of themes: these are the ones there are.
import { createTheme, type GrafanaTheme2 } from '@grafana/data';

const MODES = ['dark', 'light'] as const;

export function getThemeById(id: string): GrafanaTheme2 {
  const isLight = id === 'light' || (id === 'system' && !window.matchMedia('(prefers-color-scheme: dark)').matches);
  return createTheme({ colors: { mode: isLight ? 'light' : 'dark' } });
}

export const getBuiltInThemes = () => MODES.map((id) => ({ id, name: id === 'dark' ? 'Dark' : 'Light', build: () => getThemeById(id) }));
