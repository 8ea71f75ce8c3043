// The options of each panel and of its fields, as tables: they feed the forms and the list of overrides.
// Source: spec grafana.md, section 4.3 and 4.4.
import { BAR_OPTIONS } from './bar_specs';
import { CHART_OPTIONS, GRADIENT, GRAPH_FIELDS, POINT_FIELDS, STACKING, THRESHOLDS_STYLE } from './chart_specs';
import type { OptionSpec } from './form';
import { LIST_OPTIONS } from './list_specs';
import { choice, option, type Choices } from './option_parts';
import { TABLE_FIELDS, TABLE_OPTIONS } from './table_specs';
import { VALUE_OPTIONS } from './value_specs';

const PANEL_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  table: TABLE_OPTIONS,
  ...VALUE_OPTIONS,
  ...LIST_OPTIONS,
  ...BAR_OPTIONS,
  ...CHART_OPTIONS,
};

export const panelOptions = (type: string): readonly OptionSpec[] => PANEL_OPTIONS[type] ?? [];

const COLOR_MODES: Choices = [
  ['palette-classic', 'Classic palette'],
  ['palette-classic-by-name', 'Classic palette by name'],
  ['thresholds', 'By thresholds'],
  ['fixed', 'One colour'],
  ['shades', 'Shades of one colour'],
  ['continuous-GrYlRd', 'Green to red'],
  ['continuous-RdYlGr', 'Red to green'],
  ['continuous-blues', 'Blues'],
];

/** Of every field; the paths are relative to the defaults of the field configuration. */
export const STANDARD_OPTIONS: readonly OptionSpec[] = [
  option('unit', 'Unit', 'text', { hint: 'Such as s, percent, bytes, reqps' }),
  option('min', 'Min', 'number'),
  option('max', 'Max', 'number'),
  option('decimals', 'Decimals', 'number'),
  option('displayName', 'Display name', 'text'),
  choice('color.mode', 'Colour', COLOR_MODES),
  option('color.fixedColor', 'Fixed colour', 'text'),
  option('noValue', 'No value', 'text'),
  option('links', 'Data links', 'json', { hint: 'A list of {"title", "url", "targetBlank"} in JSON' }),
  option('actions', 'Actions', 'json', { hint: 'A list of {"type": "fetch", "title", "confirmation", "fetch": {"method", "url", "headers", "queryParams", "body"}} in JSON' }),
  option('description', 'Description', 'text'),
];

const FILL_FIELDS: readonly OptionSpec[] = [option('fillOpacity', 'Fill opacity', 'number'), option('lineWidth', 'Line width', 'number')];

const FIELD_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  timeseries: GRAPH_FIELDS,
  trend: GRAPH_FIELDS,
  candlestick: GRAPH_FIELDS,
  xychart: POINT_FIELDS,
  table: TABLE_FIELDS,
  barchart: [...FILL_FIELDS, GRADIENT, THRESHOLDS_STYLE],
  histogram: [...FILL_FIELDS, GRADIENT, STACKING],
  'state-timeline': FILL_FIELDS,
  'status-history': FILL_FIELDS,
};

/** Of the fields of one kind of panel; the paths are relative to `custom`. */
export const fieldOptions = (type: string): readonly OptionSpec[] => FIELD_OPTIONS[type] ?? [];

const HAS_NO_FIELDS = new Set(['text', 'dashlist', 'alertlist', 'annolist', 'row', 'news']);
export const hasFields = (type: string): boolean => !HAS_NO_FIELDS.has(type);

export const PANEL_TYPES: ReadonlyArray<readonly [id: string, name: string]> = [
  ['timeseries', 'Time series'],
  ['stat', 'Stat'],
  ['gauge', 'Gauge'],
  ['bargauge', 'Bar gauge'],
  ['table', 'Table'],
  ['heatmap', 'Heatmap'],
  ['histogram', 'Histogram'],
  ['barchart', 'Bar chart'],
  ['piechart', 'Pie chart'],
  ['state-timeline', 'State timeline'],
  ['status-history', 'Status history'],
  ['xychart', 'XY chart'],
  ['trend', 'Trend'],
  ['candlestick', 'Candlestick'],
  ['logs', 'Logs'],
  ['text', 'Text'],
  ['dashlist', 'Dashboard list'],
  ['alertlist', 'Alert list'],
];
