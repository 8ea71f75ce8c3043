// The options of each panel and of its fields, as tables: they feed the forms and the list of overrides.
// Source: spec grafana.md, section 4.3 and 4.4.
import { BAR_OPTIONS } from './bar_specs';
import type { OptionSpec } from './form';
import { LIST_OPTIONS } from './list_specs';
import { choice, LEGEND, option, same, TOOLTIP, type Choices } from './option_parts';
import { TABLE_FIELDS, TABLE_OPTIONS } from './table_specs';
import { VALUE_OPTIONS } from './value_specs';

const PANEL_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  timeseries: [...LEGEND, option('options.legend.enableFacetedFilter', 'Choose series by labels', 'switch', { hint: 'In the legend' }), option('options.legend.facetedFilterPinned', 'Keep the choice open', 'switch'), ...TOOLTIP],
  heatmap: [
    option('options.calculate', 'Calculate from data', 'switch'),
    choice('options.color.mode', 'Colour', same('scheme', 'opacity'), 'scheme'),
    choice('options.color.scheme', 'Scheme', same('Oranges', 'Blues', 'Greens', 'Reds', 'Purples', 'Spectral', 'RdYlGn', 'Viridis', 'Magma', 'Inferno', 'Turbo'), 'Oranges'),
    option('options.color.steps', 'Steps', 'number', { fallback: 64 }),
    option('options.color.reverse', 'Reversed', 'switch'),
    option('options.cellGap', 'Cell gap', 'number', { fallback: 1 }),
    option('options.yAxis.unit', 'Unit of the y axis', 'text'),
    option('options.legend.show', 'Colour scale', 'switch', { fallback: true }),
  ],
  xychart: [...LEGEND, ...TOOLTIP.slice(0, 1)],
  trend: [option('options.xField', 'X field', 'text'), ...LEGEND],
  table: TABLE_OPTIONS,
  ...VALUE_OPTIONS,
  ...LIST_OPTIONS,
  ...BAR_OPTIONS,
  candlestick: [choice('options.mode', 'Mode', [['candles+volume', 'Both'], ['candles', 'Candles'], ['volume', 'Volume']], 'candles+volume'), choice('options.candleStyle', 'Style', [['candles', 'Candles'], ['ohlcbars', 'OHLC bars']], 'candles')],
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

const GRADIENT = choice('gradientMode', 'Gradient', same('none', 'opacity', 'hue', 'scheme'), 'none');
const STACKING = choice('stacking.mode', 'Stacking', [['none', 'Off'], ['normal', 'Normal'], ['percent', '100 %']], 'none');
const THRESHOLDS_STYLE = choice('thresholdsStyle.mode', 'Show thresholds', [['off', 'Off'], ['line', 'Lines'], ['dashed', 'Dashed lines'], ['area', 'Areas'], ['line+area', 'Lines and areas'], ['dashed+area', 'Dashed lines and areas']], 'off');
const GRAPH_FIELDS: readonly OptionSpec[] = [
  choice('drawStyle', 'Style', [['line', 'Lines'], ['bars', 'Bars'], ['points', 'Points']], 'line'),
  choice('lineInterpolation', 'Interpolation', [['linear', 'Linear'], ['smooth', 'Smooth'], ['stepBefore', 'Step before'], ['stepAfter', 'Step after']], 'linear'),
  option('lineWidth', 'Line width', 'number', { fallback: 1 }),
  choice('lineStyle.fill', 'Line style', [['solid', 'Solid'], ['dash', 'Dashes'], ['dot', 'Dots']], 'solid'),
  option('barWidthFactor', 'Bar width factor', 'number', { fallback: 0.6 }),
  option('fillOpacity', 'Fill opacity', 'number', { fallback: 0 }),
  option('fillBelowTo', 'Fill below to', 'text'),
  GRADIENT,
  choice('showPoints', 'Points', same('auto', 'always', 'never'), 'auto'),
  option('pointSize', 'Point size', 'number', { fallback: 5 }),
  STACKING,
  option('spanNulls', 'Connect null values', 'switch'),
  choice('transform', 'Transform', [['constant', 'Constant'], ['negative-Y', 'Negative Y']]),
  choice('axisPlacement', 'Axis', same('auto', 'left', 'right', 'hidden'), 'auto'),
  option('axisLabel', 'Axis label', 'text'),
  option('axisWidth', 'Axis width', 'number'),
  choice('axisColorMode', 'Axis colour', [['text', 'Text'], ['series', 'Series']], 'text'),
  option('axisBorderShow', 'Axis border', 'switch'),
  option('axisCenteredZero', 'Zero in the middle', 'switch'),
  option('axisSoftMin', 'Soft min', 'number'),
  option('axisSoftMax', 'Soft max', 'number'),
  choice('scaleDistribution.type', 'Scale', [['linear', 'Linear'], ['log', 'Logarithmic'], ['symlog', 'Symlog']], 'linear'),
  option('scaleDistribution.log', 'Base of the logarithm', 'number', { fallback: 2 }),
  THRESHOLDS_STYLE,
];
const FILL_FIELDS: readonly OptionSpec[] = [option('fillOpacity', 'Fill opacity', 'number'), option('lineWidth', 'Line width', 'number')];

const FIELD_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  timeseries: GRAPH_FIELDS,
  trend: GRAPH_FIELDS,
  candlestick: GRAPH_FIELDS,
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
