// The options of the table, and of its columns.
import type { OptionSpec } from './form';
import { CALCS, choice, option, same } from './option_parts';

export const TABLE_OPTIONS: readonly OptionSpec[] = [
  option('options.showHeader', 'Header', 'switch', { fallback: true }),
  option('options.showTypeIcons', 'Column type icons', 'switch'),
  choice('options.cellHeight', 'Cell height', [['sm', 'Small'], ['md', 'Medium'], ['lg', 'Large'], ['auto', 'Auto']], 'sm'),
  option('options.maxRowHeight', 'Max row height', 'number', { hint: 'In pixels, of rows that grow with their text' }),
  option('options.enablePagination', 'Pages', 'switch'),
  option('options.pageSize', 'Rows on a page', 'number', { hint: 'As many as fit where none is set' }),
  option('options.frozenColumns.left', 'Frozen columns', 'number'),
  option('options.disableKeyboardEvents', 'Disable keyboard', 'switch'),
];

export const TABLE_FIELDS: readonly OptionSpec[] = [
  option('width', 'Column width', 'number'),
  option('minWidth', 'Minimum column width', 'number', { fallback: 150 }),
  choice('align', 'Alignment', same('auto', 'left', 'center', 'right'), 'auto'),
  choice(
    'cellOptions.type',
    'Cell',
    [['auto', 'Auto'], ['color-text', 'Coloured text'], ['color-background', 'Coloured background'], ['gauge', 'Gauge'], ['sparkline', 'Sparkline'], ['json-view', 'JSON'], ['image', 'Image'], ['data-links', 'Data links'], ['actions', 'Actions'], ['pill', 'Pill'], ['markdown', 'Markdown']],
    'auto',
  ),
  choice('cellOptions.mode', 'Cell mode', [['basic', 'Basic'], ['gradient', 'Gradient'], ['lcd', 'Retro LCD']]),
  option('cellOptions.applyToRow', 'Background of the whole row', 'switch'),
  choice('cellOptions.valueDisplayMode', 'Value of gauges', [['color', 'Coloured'], ['text', 'Text colour'], ['hidden', 'Hidden']]),
  option('cellOptions.hideValue', 'Hide the value of sparklines', 'switch'),
  option('cellOptions.alt', 'Alternative text of images', 'text'),
  option('cellOptions.title', 'Title of images', 'text'),
  option('cellOptions.dynamicHeight', 'Rows as high as their Markdown', 'switch'),
  option('filterable', 'Column filter', 'switch'),
  option('sortable', 'Sortable', 'switch', { fallback: true }),
  option('inspect', 'Cell value inspect', 'switch'),
  option('hidden', 'Hidden', 'switch'),
  option('hideHeader', 'Hide header', 'switch'),
  option('wrapText', 'Wrap text', 'switch'),
  option('wrapHeaderText', 'Wrap header text', 'switch'),
  option('tooltip.field', 'Tooltip from field', 'text'),
  choice('tooltip.placement', 'Tooltip placement', same('auto', 'top', 'bottom', 'left', 'right'), 'auto'),
  option('footer.reducers', 'Footer', 'choices', { choices: CALCS, fallback: [] }),
  option('styleField', 'Styles from field', 'text', { hint: 'A field whose values are styles in JSON' }),
];
