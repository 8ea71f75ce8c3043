// The options of each panel and of its fields, as tables: they feed the forms and the list of overrides.
// Source: spec grafana.md, section 4.3 and 4.4.
import { BAR_FIELDS, BAR_OPTIONS } from './bar_specs';
import { CHART_OPTIONS, GRAPH_FIELDS, POINT_FIELDS } from './chart_specs';
import type { OptionSpec } from './form';
import { LIST_OPTIONS } from './list_specs';
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

const FIELD_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  timeseries: GRAPH_FIELDS,
  trend: GRAPH_FIELDS,
  candlestick: GRAPH_FIELDS,
  xychart: POINT_FIELDS,
  table: TABLE_FIELDS,
  ...BAR_FIELDS,
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
  ['annolist', 'Annotations list'],
];
