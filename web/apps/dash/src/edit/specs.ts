// The options of each panel and of its fields, as tables: they feed the forms and the list of overrides.
// Source: spec grafana.md, section 4.3 and 4.4.
import type { OptionSpec } from './form';

type Choices = NonNullable<OptionSpec['choices']>;

const same = (...values: string[]): Choices => values.map((value) => [value, value.slice(0, 1).toUpperCase() + value.slice(1)] as const);

const option = (path: string, label: string, kind: OptionSpec['kind'], more: Partial<OptionSpec> = {}): OptionSpec => ({ path, label, kind, ...more });
const choice = (path: string, label: string, choices: Choices, fallback?: unknown): OptionSpec => option(path, label, 'choice', { choices, fallback });

export const CALCS: Choices = [
  ['lastNotNull', 'Last *'],
  ['last', 'Last'],
  ['firstNotNull', 'First *'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['mean', 'Mean'],
  ['median', 'Median'],
  ['sum', 'Total'],
  ['count', 'Count'],
  ['range', 'Range'],
  ['delta', 'Delta'],
  ['diff', 'Difference'],
  ['diffperc', 'Difference percent'],
  ['stdDev', 'StdDev'],
  ['variance', 'Variance'],
  ['distinctCount', 'Distinct count'],
  ['changeCount', 'Change count'],
  ['p50', '50th %'],
  ['p90', '90th %'],
  ['p95', '95th %'],
  ['p99', '99th %'],
];

const LEGEND: readonly OptionSpec[] = [
  option('options.legend.showLegend', 'Legend', 'switch', { fallback: true }),
  choice('options.legend.displayMode', 'Legend mode', same('list', 'table'), 'list'),
  choice('options.legend.placement', 'Legend placement', same('bottom', 'right'), 'bottom'),
  option('options.legend.calcs', 'Legend values', 'choices', { choices: CALCS, fallback: [] }),
];
const TOOLTIP: readonly OptionSpec[] = [
  choice('options.tooltip.mode', 'Tooltip', [['single', 'Single'], ['multi', 'All'], ['none', 'Hidden']], 'single'),
  choice('options.tooltip.sort', 'Tooltip order', same('none', 'asc', 'desc'), 'none'),
  option('options.tooltip.hideZeros', 'Hide zeros in the tooltip', 'switch'),
];
const REDUCE: readonly OptionSpec[] = [
  option('options.reduceOptions.calcs', 'Calculation', 'choices', { choices: CALCS, fallback: ['lastNotNull'] }),
  option('options.reduceOptions.fields', 'Fields', 'text', { hint: 'Empty for numeric ones, /regex/ or a name' }),
  option('options.reduceOptions.values', 'All values', 'switch'),
  option('options.reduceOptions.limit', 'Limit', 'number'),
];
const ORIENTATION = choice('options.orientation', 'Orientation', same('auto', 'horizontal', 'vertical'), 'auto');
const TEXT_SIZES: readonly OptionSpec[] = [option('options.text.titleSize', 'Title size', 'number'), option('options.text.valueSize', 'Value size', 'number')];
const SHOW_VALUE = choice('options.showValue', 'Show values', same('auto', 'always', 'never'), 'auto');

const PANEL_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  timeseries: [...LEGEND, ...TOOLTIP],
  stat: [
    ...REDUCE,
    ORIENTATION,
    choice('options.colorMode', 'Colour', [['none', 'None'], ['value', 'Value'], ['background', 'Background'], ['background_solid', 'Solid background']], 'value'),
    choice('options.graphMode', 'Graph', same('none', 'area', 'line'), 'area'),
    choice('options.justifyMode', 'Alignment', same('auto', 'center'), 'auto'),
    choice('options.textMode', 'Text', [['auto', 'Auto'], ['value', 'Value'], ['value_and_name', 'Value and name'], ['name', 'Name'], ['none', 'None']], 'auto'),
    option('options.showPercentChange', 'Percent change', 'switch'),
    ...TEXT_SIZES,
  ],
  gauge: [
    ...REDUCE,
    ORIENTATION,
    option('options.showThresholdLabels', 'Threshold labels', 'switch'),
    option('options.showThresholdMarkers', 'Threshold markers', 'switch', { fallback: true }),
    ...TEXT_SIZES,
  ],
  bargauge: [
    ...REDUCE,
    ORIENTATION,
    choice('options.displayMode', 'Bars', [['gradient', 'Gradient'], ['lcd', 'Retro LCD'], ['basic', 'Basic']], 'gradient'),
    choice('options.valueMode', 'Value', [['color', 'Coloured'], ['text', 'Text colour'], ['hidden', 'Hidden']], 'color'),
    choice('options.namePlacement', 'Names', same('auto', 'top', 'left', 'hidden'), 'auto'),
    option('options.showUnfilled', 'Show unfilled area', 'switch', { fallback: true }),
  ],
  table: [
    option('options.showHeader', 'Header', 'switch', { fallback: true }),
    choice('options.cellHeight', 'Cell height', [['sm', 'Small'], ['md', 'Medium'], ['lg', 'Large']], 'sm'),
    option('options.enablePagination', 'Pages', 'switch'),
    option('options.frozenColumns.left', 'Frozen columns', 'number'),
  ],
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
  histogram: [option('options.bucketCount', 'Bucket count', 'number', { fallback: 30 }), option('options.bucketSize', 'Bucket size', 'number'), option('options.bucketOffset', 'Bucket offset', 'number'), option('options.combine', 'Combine series', 'switch'), ...LEGEND],
  barchart: [
    option('options.xField', 'X axis', 'text'),
    ORIENTATION,
    SHOW_VALUE,
    choice('options.stacking', 'Stacking', same('none', 'normal', 'percent'), 'none'),
    option('options.groupWidth', 'Group width', 'number', { fallback: 0.7 }),
    option('options.barWidth', 'Bar width', 'number', { fallback: 0.97 }),
    option('options.xTickLabelRotation', 'Label rotation', 'number', { fallback: 0 }),
    ...LEGEND,
    ...TOOLTIP,
  ],
  piechart: [
    ...REDUCE,
    choice('options.pieType', 'Type', same('pie', 'donut'), 'pie'),
    option('options.displayLabels', 'Labels', 'choices', { choices: same('name', 'value', 'percent'), fallback: [] }),
    option('options.legend.values', 'Legend values', 'choices', { choices: same('value', 'percent'), fallback: [] }),
    ...LEGEND.slice(0, 3),
    ...TOOLTIP.slice(0, 2),
  ],
  'state-timeline': [option('options.mergeValues', 'Merge equal values', 'switch', { fallback: true }), SHOW_VALUE, choice('options.alignValue', 'Align values', same('left', 'center', 'right'), 'left'), option('options.rowHeight', 'Row height', 'number', { fallback: 0.9 }), option('options.perPage', 'Rows on a page', 'number', { fallback: 20 }), ...LEGEND.slice(0, 3)],
  'status-history': [SHOW_VALUE, option('options.rowHeight', 'Row height', 'number', { fallback: 0.9 }), option('options.colWidth', 'Column width', 'number', { fallback: 0.9 }), ...LEGEND.slice(0, 3)],
  text: [choice('options.mode', 'Mode', [['markdown', 'Markdown'], ['html', 'HTML'], ['code', 'Code']], 'markdown'), option('options.content', 'Content', 'lines')],
  logs: [option('options.showTime', 'Time', 'switch', { fallback: true }), option('options.wrapLogMessage', 'Wrap lines', 'switch'), choice('options.sortOrder', 'Order', [['Descending', 'Newest first'], ['Ascending', 'Oldest first']], 'Descending')],
  dashlist: [option('options.showStarred', 'Starred', 'switch', { fallback: true }), option('options.showSearch', 'Search', 'switch'), option('options.query', 'Title holds', 'text'), option('options.maxItems', 'Items', 'number', { fallback: 10 })],
  alertlist: [option('options.maxItems', 'Items', 'number', { fallback: 20 }), option('options.alertName', 'Name holds', 'text')],
  xychart: [...LEGEND, ...TOOLTIP.slice(0, 1)],
  trend: [option('options.xField', 'X field', 'text'), ...LEGEND],
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
const TABLE_FIELDS: readonly OptionSpec[] = [
  option('width', 'Column width', 'number'),
  choice('align', 'Alignment', same('auto', 'left', 'center', 'right'), 'auto'),
  choice('cellOptions.type', 'Cell', [['auto', 'Auto'], ['color-text', 'Coloured text'], ['color-background', 'Coloured background'], ['gauge', 'Gauge'], ['sparkline', 'Sparkline'], ['json-view', 'JSON'], ['image', 'Image'], ['data-links', 'Data links'], ['pill', 'Pill'], ['markdown', 'Markdown']], 'auto'),
  option('filterable', 'Column filter', 'switch'),
  option('hidden', 'Hidden', 'switch'),
  option('wrapText', 'Wrap text', 'switch'),
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
