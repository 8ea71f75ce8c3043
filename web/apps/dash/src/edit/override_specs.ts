// Which fields an override is for, and what it can set of them. Pure. Source: spec grafana.md, FIELD-3.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, text, texts } from '@narthex/dashmodel/json';

import type { OptionSpec } from './form';
import { fieldOptions } from './specs';
import { PLAIN_STANDARD } from './standard_specs';

export const MATCHERS = [
  { value: 'byName', label: 'Fields with name', description: 'One, by the name that is shown' },
  { value: 'byRegexp', label: 'Fields with name matching regex', description: 'By /a pattern/ of the name' },
  { value: 'byType', label: 'Fields with type', description: 'Numbers, times, texts' },
  { value: 'byFrameRefID', label: 'Fields returned by query', description: 'By the letter of the query' },
  { value: 'byValue', label: 'Fields with values', description: 'By what is calculated of them' },
  { value: 'byNames', label: 'Fields with names', description: 'Several, by their names' },
  { value: 'numeric', label: 'Numeric fields' },
  { value: 'time', label: 'Time fields' },
  { value: 'first', label: 'First field' },
  { value: 'firstTimeField', label: 'First time field' },
];

export const TYPES = ['number', 'string', 'time', 'boolean', 'enum', 'other'].map((value) => ({ value, label: value.slice(0, 1).toUpperCase() + value.slice(1) }));

// Those that take no options: what they are says it all.
const PLAIN = new Set(['numeric', 'time', 'first', 'firstTimeField']);

export const isPlainMatcher = (id: string): boolean => PLAIN.has(id);

/** What a matcher begins with. */
export function freshMatcher(id: string): AnyRecord {
  switch (id) {
    case 'byValue':
      return { id, options: { reducer: 'allIsZero', op: 'gte', value: 0 } };
    case 'byNames':
      return { id, options: { mode: 'include', names: [] } };
    case 'byType':
      return { id, options: 'number' };
    default:
      return PLAIN.has(id) ? { id } : { id, options: '' };
  }
}

/** Whether the panel made it itself, when somebody hid series. */
export const isOfSystem = (override: AnyRecord): boolean => typeof override['__systemRef'] === 'string';

/** In a few words, for a heading. */
export function matcherText(matcher: AnyRecord): string {
  const id = text(matcher['id']);
  const known = MATCHERS.find(({ value }) => value === id)?.label ?? id;
  const options = matcher['options'];
  if (isPlainMatcher(id)) return known;
  if (id === 'byNames') return `${known} ${texts(record(options)['names']).join(', ')}`;
  if (isRecord(options)) return known;
  return `${known} ${text(options)}`.trim();
}

/** One property: a plain value, an object with several options in it, or one of those that have an editor of their own. */
export interface PropertySpec {
  id: string;
  label: string;
  kind: 'plain' | 'object' | 'color' | 'thresholds' | 'mappings' | 'links';
  /** Of a plain one, the option; of an object, its options by their places within it. */
  specs: OptionSpec[];
}

const STANDARD: readonly PropertySpec[] = [
  ...PLAIN_STANDARD.map((spec): PropertySpec => ({ id: spec.path, label: spec.label, kind: 'plain', specs: [spec] })),
  { id: 'color', label: 'Colour scheme', kind: 'color', specs: [] },
  { id: 'thresholds', label: 'Thresholds', kind: 'thresholds', specs: [] },
  { id: 'mappings', label: 'Value mappings', kind: 'mappings', specs: [] },
  { id: 'links', label: 'Data links', kind: 'links', specs: [] },
];
const HIDE_FROM: PropertySpec = {
  id: 'custom.hideFrom',
  label: 'Hide in area',
  kind: 'object',
  specs: [
    { path: 'viz', label: 'Visualization', kind: 'switch' },
    { path: 'legend', label: 'Legend', kind: 'switch' },
    { path: 'tooltip', label: 'Tooltip', kind: 'switch' },
  ],
};
const WITH_SERIES = new Set(['timeseries', 'trend', 'barchart', 'histogram', 'piechart', 'heatmap', 'state-timeline', 'status-history', 'xychart', 'candlestick']);

/** Options below one object - a scale, a stack - are one property. */
function customProperties(type: string): PropertySpec[] {
  const found = new Map<string, PropertySpec>();
  for (const spec of fieldOptions(type)) {
    const [head = '', ...rest] = spec.path.split('.');
    const id = `custom.${head}`;
    if (rest.length === 0) {
      found.set(id, { id, label: spec.label, kind: 'plain', specs: [spec] });
      continue;
    }
    const before = found.get(id) ?? { id, label: spec.label, kind: 'object', specs: [] };
    found.set(id, { ...before, specs: [...before.specs, { ...spec, path: rest.join('.') }] });
  }
  return [...found.values()];
}

export const propertySpecs = (type: string): PropertySpec[] => [...STANDARD, ...customProperties(type), ...(WITH_SERIES.has(type) ? [HIDE_FROM] : [])];

/** What a property starts with when it is added. */
export function freshValue({ kind, specs }: PropertySpec): unknown {
  switch (kind) {
    case 'plain':
      return specs[0]?.fallback;
    case 'color':
      return { mode: 'fixed', fixedColor: 'red' };
    case 'thresholds':
      return { mode: 'absolute', steps: [{ value: null, color: 'green' }, { value: 80, color: 'red' }] };
    case 'object': {
      const values = specs.flatMap(({ path, fallback }) => (fallback === undefined || path.includes('.') ? [] : [[path, fallback] as const]));
      return Object.fromEntries(values);
    }
    default:
      return [];
  }
}
