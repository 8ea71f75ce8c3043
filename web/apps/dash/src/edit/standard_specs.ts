// The options that fields of every panel have. Source: spec grafana.md, FIELD-1 and FIELD-2.
import { findPanel } from '@narthex/panels';

import { option } from './option_parts';
import type { OptionSpec } from './option_spec';

/** Of every field; the paths are relative to the defaults of the field configuration. */
const STANDARD_OPTIONS: readonly OptionSpec[] = [
  option('unit', 'Unit', 'unit'),
  option('min', 'Min', 'number', { hint: 'Empty for the least of all values' }),
  option('max', 'Max', 'number', { hint: 'Empty for the greatest of all values' }),
  option('fieldMinMax', 'Field min/max', 'switch', { hint: 'Of each field by itself, not of all' }),
  option('decimals', 'Decimals', 'number'),
  option('displayName', 'Display name', 'text', { hint: 'Of all fields, such as ${__field.labels.job}' }),
  option('color', 'Colour scheme', 'colorScheme'),
  option('noValue', 'No value', 'text', { hint: 'Shown where there is none' }),
  option('description', 'Description', 'text', { hint: 'Of the field, in headings of tables' }),
  option('links', 'Data links', 'links', { group: 'Data links and actions' }),
  option('actions', 'Actions', 'json', { group: 'Data links and actions', hint: 'A list of {"type": "fetch", "title", "confirmation", "fetch": {"method", "url", "headers", "queryParams", "body"}} in JSON' }),
  option('mappings', 'Value mappings', 'mappings', { group: 'Value mappings' }),
  option('thresholds', 'Thresholds', 'thresholds', { group: 'Thresholds' }),
];

// Lines are drawn, which have many values and one colour.
const OF_SERIES = new Set(['timeseries', 'trend', 'candlestick', 'xychart', 'barchart', 'histogram']);

/** Those of every field, with what the panel starts from. */
export function standardOptions(type: string): OptionSpec[] {
  const { color } = findPanel(type)?.fieldDefaults ?? {};
  return STANDARD_OPTIONS.map((spec) => (spec.kind === 'colorScheme' ? { ...spec, isOfSeries: OF_SERIES.has(type), ...(color ? { fallback: color } : {}) } : spec));
}
