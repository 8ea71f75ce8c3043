// The options of the panels of text and of lists.
import type { OptionSpec } from './form';
import { choice, option, type Choices } from './option_parts';

const CODE_LANGUAGES: Choices = [
  ['plaintext', 'Plain text'],
  ['css', 'CSS'],
  ['go', 'Go'],
  ['html', 'HTML'],
  ['ini', 'INI'],
  ['javascript', 'JavaScript'],
  ['json', 'JSON'],
  ['markdown', 'Markdown'],
  ['promql', 'PromQL'],
  ['python', 'Python'],
  ['shell', 'Shell'],
  ['sql', 'SQL'],
  ['typescript', 'TypeScript'],
  ['xml', 'XML'],
  ['yaml', 'YAML'],
];

export const LIST_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  text: [
    choice('options.mode', 'Mode', [['markdown', 'Markdown'], ['html', 'HTML'], ['code', 'Code']], 'markdown'),
    choice('options.code.language', 'Language', CODE_LANGUAGES, 'plaintext'),
    option('options.code.showLineNumbers', 'Show line numbers', 'switch', { hint: 'Of code' }),
    option('options.content', 'Content', 'lines'),
  ],
  logs: [
    option('options.showTime', 'Time', 'switch', { fallback: true }),
    choice('options.timestampResolution', 'Timestamp resolution', [['ms', 'Milliseconds'], ['ns', 'Nanoseconds']], 'ms'),
    option('options.showLevel', 'Level', 'switch', { fallback: true }),
    option('options.showLabels', 'Unique labels', 'switch'),
    option('options.showCommonLabels', 'Common labels', 'switch', { hint: 'Those that all lines have, above them' }),
    option('options.showLogAttributes', 'Log attributes', 'switch', { hint: 'Other fields of the answer, behind the message' }),
    option('options.wrapLogMessage', 'Wrap lines', 'switch'),
    option('options.unwrappedColumns', 'Fields in columns', 'switch', { hint: 'Of lines that are not wrapped' }),
    option('options.prettifyLogMessage', 'Prettify JSON', 'switch'),
    option('options.syntaxHighlighting', 'Colour parts of the lines', 'switch'),
    choice('options.fontSize', 'Font size', [['default', 'Default'], ['small', 'Small']], 'default'),
    option('options.enableLogDetails', 'Log details', 'switch', { fallback: true }),
    choice('options.detailsMode', 'Log details mode', [['inline', 'Below the line'], ['sidebar', 'Beside the lines']], 'inline'),
    option('options.showControls', 'Controls', 'switch'),
    option('options.allowDownload', 'Download', 'switch', { hint: 'Among the controls' }),
    option('options.showFieldSelector', 'Field selector', 'switch'),
    option('options.displayedFields', 'Displayed fields', 'json', { fallback: [], hint: 'Names of labels and fields, as a list in JSON; ___LOG_LINE_BODY___ is the message' }),
    option('options.controlsStorageKey', 'Remember the controls as', 'text', { hint: 'What is chosen with them is kept in the browser' }),
    option('options.noInteractions', 'No interactions', 'switch'),
    choice('options.dedupStrategy', 'Deduplication', [['none', 'None'], ['exact', 'Equal lines'], ['numbers', 'Equal but for numbers'], ['signature', 'Of one form']], 'none'),
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
