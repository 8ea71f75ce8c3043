// The options that fields of every panel have. Source: spec grafana.md, FIELD-1 and FIELD-2.
import { valueAt, type AnyRecord } from '@narthex/dashmodel';

import type { OptionSpec } from './form';
import { choice, option, same, type Choices } from './option_parts';

const COLOR_MODES: Choices = [
  ['fixed', 'Single colour'],
  ['shades', 'Shades of a colour'],
  ['thresholds', 'From thresholds (by value)'],
  ['palette-classic', 'Classic palette'],
  ['palette-classic-by-name', 'Classic palette (by series name)'],
  ['continuous-GrYlRd', 'Green-Yellow-Red (by value)'],
  ['continuous-RdYlGr', 'Red-Yellow-Green (by value)'],
  ['continuous-BlYlRd', 'Blue-Yellow-Red (by value)'],
  ['continuous-YlRd', 'Yellow-Red (by value)'],
  ['continuous-BlPu', 'Blue-Purple (by value)'],
  ['continuous-YlBl', 'Yellow-Blue (by value)'],
  ...['Blues', 'Reds', 'Greens', 'Purples', 'Viridis', 'Magma', 'Plasma', 'Inferno', 'Cividis'].map((name) => [`continuous-${name.toLowerCase()}`, `${name} (by value)`] as const),
];
const OWN_COLOR = new Set(['fixed', 'shades']);

const COLOR_MODE = choice('color.mode', 'Colour scheme', COLOR_MODES);
const FIXED_COLOR = option('color.fixedColor', 'Colour', 'color');
const SERIES_BY = choice('color.seriesBy', 'Colour series by', same('last', 'min', 'max'), 'last');

/** Of the colour alone; which of them follows from the scheme. */
function colorOptions(defaults: AnyRecord): OptionSpec[] {
  const mode = String(valueAt(defaults, 'color.mode') ?? '');
  const byValue = mode === 'thresholds' || mode.startsWith('continuous-');
  return [COLOR_MODE, ...(OWN_COLOR.has(mode) ? [FIXED_COLOR] : []), ...(byValue ? [SERIES_BY] : [])];
}

/** Those whose value is a single one. */
export const PLAIN_STANDARD: readonly OptionSpec[] = [
  option('unit', 'Unit', 'unit'),
  option('min', 'Min', 'number', { hint: 'Empty: by the values' }),
  option('max', 'Max', 'number', { hint: 'Empty: by the values' }),
  option('fieldMinMax', 'Field min/max', 'switch', { hint: 'By the values of each field, not of all' }),
  option('decimals', 'Decimals', 'number'),
  option('displayName', 'Display name', 'text', { hint: 'Such as ${__field.labels.instance}' }),
  option('noValue', 'No value', 'text', { hint: 'Shown where there is none' }),
  option('description', 'Description', 'text'),
  option('actions', 'Actions', 'json', { hint: 'A list of {"type": "fetch", "title", "confirmation", "fetch": {"method", "url", "headers", "queryParams", "body"}} in JSON' }),
];

/** The paths are relative to the defaults of the field configuration. */
export const standardOptions = (defaults: AnyRecord): OptionSpec[] => [...PLAIN_STANDARD.slice(0, 6), ...colorOptions(defaults), ...PLAIN_STANDARD.slice(6)];

/** The colour of an override, which is one property. */
export const overrideColorOptions = (value: AnyRecord): OptionSpec[] => colorOptions({ color: value }).map((spec) => ({ ...spec, path: spec.path.replace('color.', '') }));
