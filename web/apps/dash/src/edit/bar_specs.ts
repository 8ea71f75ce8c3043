// The options of the panels of bars: states over time, histograms, categories.
import { GRADIENT, STACKING, THRESHOLDS_STYLE } from './chart_specs';
import type { OptionSpec } from './form';
import { choice, LEGEND, option, ORIENTATION, PLAIN_LEGEND, same, SHOW_VALUE, TOOLTIP } from './option_parts';

const ROW_HEIGHT = option('options.rowHeight', 'Row height', 'number', { fallback: 0.9 });
const TIMELINE: readonly OptionSpec[] = [
  option('options.timezone', 'Time zones', 'json', { fallback: [], hint: 'A list in JSON: an axis for each' }),
  ...TOOLTIP.slice(0, 1),
  ...PLAIN_LEGEND,
];
const PER_PAGE = option('options.perPage', 'Rows on a page', 'number', { fallback: 20 });

export const BAR_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  'state-timeline': [
    option('options.mergeValues', 'Merge equal values', 'switch', { fallback: true }),
    SHOW_VALUE,
    choice('options.alignValue', 'Align values', same('left', 'center', 'right'), 'left'),
    ROW_HEIGHT,
    PER_PAGE,
    ...TIMELINE,
  ],
  'status-history': [SHOW_VALUE, ROW_HEIGHT, option('options.colWidth', 'Column width', 'number', { fallback: 0.9 }), PER_PAGE, ...TIMELINE],
  histogram: [
    option('options.bucketCount', 'Bucket count', 'number', { fallback: 30 }),
    option('options.bucketSize', 'Bucket size', 'number'),
    option('options.bucketOffset', 'Bucket offset', 'number'),
    option('options.combine', 'Combine series', 'switch'),
    ...LEGEND,
    ...TOOLTIP.slice(0, 1),
  ],
  barchart: [
    option('options.xField', 'X axis', 'text'),
    ORIENTATION,
    SHOW_VALUE,
    choice('options.stacking', 'Stacking', same('none', 'normal', 'percent'), 'none'),
    option('options.colorByField', 'Colour by field', 'text'),
    option('options.groupWidth', 'Group width', 'number', { fallback: 0.7 }),
    option('options.barWidth', 'Bar width', 'number', { fallback: 0.97 }),
    option('options.barRadius', 'Bar radius', 'number', { fallback: 0, hint: 'From 0 to 0.5' }),
    option('options.fullHighlight', 'Highlight the whole bar', 'switch'),
    option('options.xTickLabelRotation', 'Label rotation', 'number', { fallback: 0 }),
    option('options.xTickLabelMaxLength', 'Label length', 'number', { hint: 'At most so many letters' }),
    option('options.xTickLabelSpacing', 'Label spacing', 'number', { fallback: 0, hint: 'In pixels; below zero the last label is kept' }),
    option('options.text.valueSize', 'Value size', 'number'),
    ...LEGEND,
    ...TOOLTIP,
  ],
};

const HIDE_FROM = option('hideFrom', 'Hide in area', 'json', { hint: 'Such as {"viz": true, "legend": true, "tooltip": true} in JSON' });
const FILL_FIELDS: readonly OptionSpec[] = [option('fillOpacity', 'Fill opacity', 'number'), option('lineWidth', 'Line width', 'number'), HIDE_FROM];
const AXIS_FIELDS: readonly OptionSpec[] = [
  choice('axisPlacement', 'Axis', same('auto', 'left', 'right', 'hidden'), 'auto'),
  option('axisLabel', 'Axis label', 'text'),
  option('axisWidth', 'Axis width', 'number'),
  choice('axisColorMode', 'Axis colour', [['text', 'Text'], ['series', 'Series']], 'text'),
  option('axisGridShow', 'Axis grid', 'switch', { fallback: true }),
  option('axisBorderShow', 'Axis border', 'switch'),
  option('axisSoftMin', 'Soft min', 'number'),
  option('axisSoftMax', 'Soft max', 'number'),
];
const ROW_FIELDS: readonly OptionSpec[] = [...FILL_FIELDS, choice('axisPlacement', 'Names of rows', [['auto', 'Shown'], ['hidden', 'Hidden']], 'auto'), option('axisWidth', 'Width of names', 'number')];

/** Of fields, relative to their custom configuration; also those of panels with nothing but parts to hide. */
export const BAR_FIELDS: Readonly<Record<string, readonly OptionSpec[]>> = {
  barchart: [...FILL_FIELDS, GRADIENT, THRESHOLDS_STYLE, ...AXIS_FIELDS, option('axisCenteredZero', 'Zero in the middle', 'switch')],
  histogram: [...FILL_FIELDS, GRADIENT, STACKING, ...AXIS_FIELDS],
  'state-timeline': ROW_FIELDS,
  'status-history': ROW_FIELDS,
  piechart: [HIDE_FROM],
  bargauge: [HIDE_FROM],
};
