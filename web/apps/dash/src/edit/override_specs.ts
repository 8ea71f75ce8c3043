// The properties that an override can set: those of every field, and those of the panel at hand. Source: spec
// grafana.md, FIELD-3.
import type { OptionSpec } from './option_spec';
import { fieldOptions } from './specs';
import { standardOptions } from './standard_specs';

// Values that hold several options, which an override sets as one.
const NAMES: Readonly<Record<string, string>> = {
  cellOptions: 'Cell options',
  footer: 'Table footer',
  lineStyle: 'Line style',
  pointSize: 'Point size',
  scaleDistribution: 'Scale',
  stacking: 'Stack series',
  thresholdsStyle: 'Show thresholds',
  tooltip: 'Tooltip of cells',
};

const HIDE_FROM: OptionSpec = {
  path: 'custom.hideFrom',
  label: 'Hide in area',
  kind: 'parts',
  fallback: { viz: true, legend: false, tooltip: false },
  parts: [
    { path: 'viz', label: 'Visualization', kind: 'switch' },
    { path: 'legend', label: 'Legend', kind: 'switch' },
    { path: 'tooltip', label: 'Tooltip', kind: 'switch' },
  ],
};
const HAS_SERIES = new Set(['timeseries', 'trend', 'candlestick', 'xychart', 'barchart', 'histogram', 'piechart', 'state-timeline', 'status-history']);

/** One property for the options that lie in one value. */
function joined(specs: readonly OptionSpec[]): OptionSpec[] {
  const byKey = new Map<string, OptionSpec[]>();
  for (const spec of specs) {
    const [key = ''] = spec.path.split('.');
    byKey.set(key, [...(byKey.get(key) ?? []), spec]);
  }
  return [...byKey].map(([key, members]): OptionSpec => {
    const [only] = members;
    if (only && members.length === 1 && only.path === key) return { ...only, path: `custom.${key}` };
    return {
      path: `custom.${key}`,
      label: NAMES[key] ?? only?.label ?? key,
      kind: 'parts',
      parts: members.map((one) => ({ ...one, path: one.path.slice(key.length + 1) })),
    };
  });
}

export function propertySpecs(type: string): OptionSpec[] {
  return [...standardOptions(type), ...joined(fieldOptions(type)), ...(HAS_SERIES.has(type) ? [HIDE_FROM] : [])];
}

// What a property begins with, where the option itself has no default to begin with.
const FRESH: Readonly<Record<string, unknown>> = {
  color: { mode: 'fixed', fixedColor: 'blue' },
  links: [{ title: '', url: '' }],
  thresholds: { mode: 'absolute', steps: [{ value: null, color: 'green' }, { value: 80, color: 'red' }] },
};

function firstValues(parts: readonly OptionSpec[]): Record<string, unknown> {
  const set = parts.filter(({ path, fallback }) => fallback !== undefined && !path.includes('.'));
  return Object.fromEntries(set.map(({ path, fallback }) => [path, fallback]));
}

export function freshProperty({ path, kind, fallback, parts = [] }: OptionSpec): { id: string; value?: unknown } {
  const value = FRESH[path] ?? fallback ?? (kind === 'switch' ? true : kind === 'parts' ? firstValues(parts) : undefined);
  return value === undefined ? { id: path } : { id: path, value };
}
