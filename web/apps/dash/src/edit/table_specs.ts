// The options of the table, and of its columns.
import type { OptionSpec } from './form';
import { choice, option, same } from './option_parts';

export const TABLE_OPTIONS: readonly OptionSpec[] = [
  option('options.showHeader', 'Header', 'switch', { fallback: true }),
  choice('options.cellHeight', 'Cell height', [['sm', 'Small'], ['md', 'Medium'], ['lg', 'Large']], 'sm'),
  option('options.enablePagination', 'Pages', 'switch'),
  option('options.frozenColumns.left', 'Frozen columns', 'number'),
];

export const TABLE_FIELDS: readonly OptionSpec[] = [
  option('width', 'Column width', 'number'),
  choice('align', 'Alignment', same('auto', 'left', 'center', 'right'), 'auto'),
  choice('cellOptions.type', 'Cell', [['auto', 'Auto'], ['color-text', 'Coloured text'], ['color-background', 'Coloured background'], ['gauge', 'Gauge'], ['sparkline', 'Sparkline'], ['json-view', 'JSON'], ['image', 'Image'], ['data-links', 'Data links'], ['pill', 'Pill'], ['markdown', 'Markdown']], 'auto'),
  option('filterable', 'Column filter', 'switch'),
  option('hidden', 'Hidden', 'switch'),
  option('wrapText', 'Wrap text', 'switch'),
];
