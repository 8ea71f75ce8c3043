// The options of the panels of bars: states over time, histograms, categories.
import type { OptionSpec } from './form';
import { choice, LEGEND, option, ORIENTATION, PLAIN_LEGEND, same, SHOW_VALUE, TOOLTIP } from './option_parts';

const ROW_HEIGHT = option('options.rowHeight', 'Row height', 'number', { fallback: 0.9 });
const PER_PAGE = option('options.perPage', 'Rows on a page', 'number', { fallback: 20 });

export const BAR_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  'state-timeline': [
    option('options.mergeValues', 'Merge equal values', 'switch', { fallback: true }),
    SHOW_VALUE,
    choice('options.alignValue', 'Align values', same('left', 'center', 'right'), 'left'),
    ROW_HEIGHT,
    PER_PAGE,
    ...PLAIN_LEGEND,
  ],
  'status-history': [SHOW_VALUE, ROW_HEIGHT, option('options.colWidth', 'Column width', 'number', { fallback: 0.9 }), ...PLAIN_LEGEND],
  histogram: [
    option('options.bucketCount', 'Bucket count', 'number', { fallback: 30 }),
    option('options.bucketSize', 'Bucket size', 'number'),
    option('options.bucketOffset', 'Bucket offset', 'number'),
    option('options.combine', 'Combine series', 'switch'),
    ...LEGEND,
  ],
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
};
