// Under which heading an option stands, whether it differs from its default, and whether a search finds it. Pure.
import { valueAt, type AnyRecord } from '@narthex/dashmodel';

import type { OptionSpec } from './option_spec';

export interface OptionGroup {
  title: string;
  specs: OptionSpec[];
}

// By the beginning of the path, the longest first. Source: the headings of Grafana's options pane.
const BY_PATH: ReadonlyArray<readonly [start: string, title: string]> = [
  ['options.tooltip.', 'Tooltip'],
  ['options.legend.', 'Legend'],
  ['options.reduceOptions.', 'Value options'],
  ['options.text.', 'Text size'],
  ['options.annotations.', 'Annotations'],
  ['options.calculation.', 'Calculation'],
  ['options.calculate', 'Calculation'],
  ['options.yAxis.', 'Y axis'],
  ['options.color.', 'Colours'],
  ['options.cellValues.', 'Cell display'],
  ['options.timezone', 'Axis'],
  ['axis', 'Axis'],
  ['scaleDistribution', 'Axis'],
  ['cellOptions', 'Cell options'],
  ['footer', 'Table footer'],
  ['thresholdsStyle', 'Thresholds'],
];

// The headings for what has no other, in the order of their names in Grafana.
const OF_PANEL: Readonly<Record<string, string>> = {
  stat: 'Stat styles',
  timeseries: 'Time series',
};
const GRAPHS = new Set(['timeseries', 'trend', 'candlestick', 'xychart']);

export function groupTitle(type: string, typeName: string, { path, group }: OptionSpec, isField: boolean): string {
  const known = BY_PATH.find(([start]) => path.startsWith(start));
  if (group !== undefined) return group;
  if (known) return known[1];
  if (isField && GRAPHS.has(type)) return 'Graph styles';
  return OF_PANEL[type] ?? typeName;
}

// What stands above and below the headings of the panel at hand.
const ORDER_ABOVE = ['Panel options', 'Value options', 'Calculation'];
const ORDER_BELOW = ['Text size', 'Tooltip', 'Legend', 'Y axis', 'Axis', 'Graph styles', 'Colours', 'Cell options', 'Cell display', 'Table footer', 'Annotations', 'Standard options', 'Data links and actions', 'Value mappings', 'Thresholds'];

function rankOf(title: string): number {
  const above = ORDER_ABOVE.indexOf(title);
  return above >= 0 ? above - ORDER_ABOVE.length : ORDER_BELOW.indexOf(title) + 1;
}

/** Headings as in Grafana's pane; those of the panel at hand in the order of its options. */
export const inOrder = (titles: readonly string[]): string[] => titles.toSorted((a, b) => rankOf(a) - rankOf(b));

/** In the order in which the headings come first. */
export function grouped(specs: readonly OptionSpec[], titleOf: (spec: OptionSpec) => string): OptionGroup[] {
  const groups = new Map<string, OptionSpec[]>();
  for (const spec of specs) {
    const title = titleOf(spec);
    groups.set(title, [...(groups.get(title) ?? []), spec]);
  }
  return [...groups].map(([title, members]) => ({ title, specs: members }));
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);

/** Something is written there, and not what holds without it. */
export function differs(root: AnyRecord, { path, fallback }: Pick<OptionSpec, 'path' | 'fallback'>): boolean {
  const value = valueAt(root, path);
  if (value === undefined || value === null) return false;
  if (fallback === undefined) return !isEmpty(value);
  return JSON.stringify(value) !== JSON.stringify(fallback);
}

/** Each word stands in the option's name, heading, explanation or path. */
export function isWanted({ label, path, hint = '' }: OptionSpec, title: string, wanted: string): boolean {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const text = `${label} ${title} ${hint} ${path}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
