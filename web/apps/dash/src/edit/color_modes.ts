// The colour modes that @grafana/data knows, as a person chooses among them.
import { fieldColorModeRegistry } from '@grafana/data';

export interface ColorMode {
  id: string;
  name: string;
  isContinuous: boolean;
}

/** In the order of Grafana's list: one colour, by value, palettes, continuous ones. */
const ORDER = ['fixed', 'shades', 'thresholds', 'palette-classic', 'palette-classic-by-name'];
const NAMES: Readonly<Record<string, string>> = {
  fixed: 'Single colour',
  shades: 'Shades of a colour',
  thresholds: 'From thresholds (by value)',
};

// Its panels are not here: a gradient of two chosen colours.
const NOT_OFFERED = new Set(['gradient']);

export function colorModes(): ColorMode[] {
  const all = fieldColorModeRegistry.list().filter(({ id }) => !NOT_OFFERED.has(id));
  const listed = all.map(({ id, name, isContinuous, isByValue: byValue }) => ({ id, isContinuous: isContinuous === true, name: NAMES[id] ?? (byValue ? `${name} (by value)` : name) }));
  const first = ORDER.flatMap((id) => listed.filter((one) => one.id === id));
  return [...first, ...listed.filter(({ id }) => !ORDER.includes(id))];
}

export const hasOneColor = (mode: string): boolean => mode === 'fixed' || mode === 'shades';
export const isByValue = (mode: string): boolean => fieldColorModeRegistry.getIfExists(mode)?.isByValue === true;
