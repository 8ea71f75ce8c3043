// The options of the panels of text and of lists.
import type { OptionSpec } from './form';
import { choice, option } from './option_parts';

export const LIST_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  text: [choice('options.mode', 'Mode', [['markdown', 'Markdown'], ['html', 'HTML'], ['code', 'Code']], 'markdown'), option('options.content', 'Content', 'lines')],
  logs: [
    option('options.showTime', 'Time', 'switch', { fallback: true }),
    option('options.wrapLogMessage', 'Wrap lines', 'switch'),
    choice('options.sortOrder', 'Order', [['Descending', 'Newest first'], ['Ascending', 'Oldest first']], 'Descending'),
  ],
  dashlist: [
    option('options.showStarred', 'Starred', 'switch', { fallback: true }),
    option('options.showSearch', 'Search', 'switch'),
    option('options.query', 'Title holds', 'text'),
    option('options.maxItems', 'Items', 'number', { fallback: 10 }),
  ],
  alertlist: [option('options.maxItems', 'Items', 'number', { fallback: 20 }), option('options.alertName', 'Name holds', 'text')],
};
