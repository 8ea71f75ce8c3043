// The options of each transformation as a table: what the editor shows of them as a form.
// Source: spec grafana.md, section 4.5.
import { valueAt, type AnyRecord } from '@narthex/dashmodel';
import { record } from '@narthex/dashmodel/json';

import { regexProblem } from './checks';
import type { OptionSpec } from './form';
import { CALCS } from './option_parts';

type Choices = NonNullable<OptionSpec['choices']>;

/** Besides the controls of every form: one field or several of the frames, a list of records, a number or text. */
export interface StepSpec extends Omit<OptionSpec, 'kind'> {
  kind: OptionSpec['kind'] | 'field' | 'fields' | 'value' | 'rows';
  rows?: readonly StepSpec[];
  /** What a new row starts with. */
  fresh?: AnyRecord;
  /** Shown only where this holds of the options. */
  when?: (options: AnyRecord) => boolean;
}

type More = Partial<StepSpec>;
const spec = (path: string, label: string, kind: StepSpec['kind'], more: More = {}): StepSpec => ({ path, label, kind, ...more });
const choice = (path: string, label: string, choices: Choices, fallback: unknown, more: More = {}): StepSpec => spec(path, label, 'choice', { choices, fallback, ...more });
const is = (path: string, ...wanted: unknown[]) => (options: AnyRecord): boolean => wanted.includes(valueAt(options, path));
const isNot = (path: string, ...others: unknown[]) => (options: AnyRecord): boolean => !others.includes(valueAt(options, path));

const NAMES = (side: 'include' | 'exclude', label: string): StepSpec[] => [
  spec(`${side}.names`, label, 'fields'),
  spec(`${side}.pattern`, `${label} by regular expression`, 'text', { check: regexProblem }),
];

const MATCHERS: Choices = [
  ['greater', 'Is greater'],
  ['greaterOrEqual', 'Is greater or equal'],
  ['lower', 'Is lower'],
  ['lowerOrEqual', 'Is lower or equal'],
  ['equal', 'Is equal'],
  ['notEqual', 'Is not equal'],
  ['between', 'Is between'],
  ['regex', 'Matches the regular expression'],
  ['substring', 'Contains'],
  ['notSubstring', 'Does not contain'],
  ['isNull', 'Is null'],
  ['isNotNull', 'Is not null'],
];

const MODE = 'mode';
const isBinary = is(MODE, 'binary');
const isUnary = is(MODE, 'unary');
const isWindow = is(MODE, 'windowFunctions');
const isCumulative = is(MODE, 'cumulativeFunctions');
const isRow = is(MODE, 'reduceRow', undefined);

const CALCULATE: readonly StepSpec[] = [
  choice(
    MODE,
    'Mode',
    [
      ['reduceRow', 'Reduce row'],
      ['binary', 'Binary operation'],
      ['unary', 'Unary operation'],
      ['cumulativeFunctions', 'Cumulative function'],
      ['windowFunctions', 'Window function'],
      ['index', 'Row index'],
    ],
    'reduceRow',
  ),
  spec('reduce.include', 'Fields', 'fields', { when: isRow, hint: 'Empty for all numeric ones' }),
  choice('reduce.reducer', 'Calculation', CALCS, 'sum', { when: isRow }),
  spec('binary.left', 'Left', 'field', { when: isBinary, hint: 'A field or a number' }),
  choice('binary.operator', 'Operator', [['+', '+'], ['-', '-'], ['*', '*'], ['/', '/'], ['**', '**'], ['%', '%'], ['=', '='], ['!=', '!='], ['<', '<'], ['<=', '<='], ['>', '>'], ['>=', '>=']], '+', { when: isBinary }),
  spec('binary.right', 'Right', 'field', { when: isBinary, hint: 'A field or a number' }),
  choice('unary.operator', 'Operation', [['abs', 'Absolute value'], ['exp', 'Power of e'], ['ln', 'Natural logarithm'], ['floor', 'Floor'], ['ceil', 'Ceiling'], ['round', 'Round'], ['trunc', 'Truncate']], 'abs', { when: isUnary }),
  spec('unary.fieldName', 'Field', 'field', { when: isUnary }),
  spec('cumulative.field', 'Field', 'field', { when: isCumulative }),
  choice('cumulative.reducer', 'Calculation', [['sum', 'Total'], ['mean', 'Mean']], 'sum', { when: isCumulative }),
  spec('window.field', 'Field', 'field', { when: isWindow }),
  choice('window.reducer', 'Calculation', [['mean', 'Mean'], ['stdDev', 'Standard deviation'], ['variance', 'Variance']], 'mean', { when: isWindow }),
  choice('window.windowAlignment', 'Window', [['trailing', 'Trailing'], ['centered', 'Centred']], 'trailing', { when: isWindow }),
  choice('window.windowSizeMode', 'Size in', [['percentage', 'Share of the rows'], ['fixed', 'Rows']], 'percentage', { when: isWindow }),
  spec('window.windowSize', 'Size', 'number', { when: isWindow, fallback: 0.1 }),
  spec('index.asPercentile', 'As a share', 'switch', { when: is(MODE, 'index') }),
  spec('alias', 'Name', 'text'),
  spec('replaceFields', 'Replace all fields', 'switch'),
];

const MAPPINGS: readonly StepSpec[] = [
  spec('fieldName', 'Field', 'field'),
  choice('handlerKey', 'Use as', [['field.name', 'Field name'], ['field.value', 'Field value'], ['field.label', 'Label'], ['unit', 'Unit'], ['min', 'Min'], ['max', 'Max'], ['decimals', 'Decimals'], ['displayName', 'Display name'], ['color', 'Colour'], ['threshold1', 'Threshold 1'], ['threshold2', 'Threshold 2'], ['__ignore', 'Ignore']], ''),
];

const isBuilder = is('modify.op', 'lineBuilder');
/** Lists of places belong to the map panel, which is not here: no look-up is offered. */
const PLACE = (path: string, label: string): StepSpec[] => [
  choice(`${path}.mode`, label, [['auto', 'By the usual names'], ['coords', 'Coordinates'], ['geohash', 'Geohash']], 'auto'),
  spec(`${path}.latitude`, 'Latitude', 'field', { when: is(`${path}.mode`, 'coords') }),
  spec(`${path}.longitude`, 'Longitude', 'field', { when: is(`${path}.mode`, 'coords') }),
  spec(`${path}.geohash`, 'Geohash', 'field', { when: is(`${path}.mode`, 'geohash') }),
];

const TIME_FORMAT_HINT = 'Such as YYYY-MM-DD HH:mm:ss';

export const STEP_SPECS: Readonly<Record<string, readonly StepSpec[]>> = {
  calculateField: CALCULATE,
  concatenate: [
    choice('frameNameMode', 'Name of the frame', [['field', 'Before the field name'], ['label', 'As a label'], ['drop', 'Left out']], 'field'),
    spec('frameNameLabel', 'Label', 'text', { fallback: 'frame', when: is('frameNameMode', 'label') }),
  ],
  configFromData: [
    spec('configRefId', 'Query with the configuration', 'text', { hint: 'Its letter' }),
    spec('mappings', 'Fields', 'rows', { rows: MAPPINGS.map((one) => (one.path === 'handlerKey' ? { ...one, label: 'Configures' } : one)), fresh: { fieldName: '', handlerKey: 'unit' } }),
  ],
  convertFieldType: [
    spec('conversions', 'Conversions', 'rows', {
      fresh: { targetField: '', destinationType: 'number' },
      rows: [
        spec('targetField', 'Field', 'field'),
        choice('destinationType', 'Type', [['number', 'Number'], ['string', 'Text'], ['time', 'Time'], ['boolean', 'Boolean'], ['enum', 'Enum'], ['other', 'Other']], 'number'),
        spec('dateFormat', 'Time format', 'text', { when: is('destinationType', 'time'), hint: TIME_FORMAT_HINT }),
        spec('joinWith', 'Join lists with', 'text', { when: is('destinationType', 'string') }),
      ],
    }),
  ],
  extractFields: [
    spec('source', 'Source', 'field'),
    choice('format', 'Format', [['auto', 'What it looks like'], ['json', 'JSON'], ['kvp', 'Key=value pairs'], ['regexp', 'Regular expression'], ['delimiter', 'Parts']], 'auto'),
    spec('regExp', 'Regular expression', 'text', { check: regexProblem, when: is('format', 'regexp'), hint: 'Named groups become fields' }),
    spec('delimiter', 'Delimiter', 'text', { when: is('format', 'delimiter'), fallback: ',' }),
    spec('jsonPaths', 'Paths', 'rows', { when: is('format', 'json'), fresh: { path: '' }, rows: [spec('path', 'Path', 'text'), spec('alias', 'Name', 'text')] }),
    spec('replace', 'Replace all fields', 'switch'),
    spec('keepTime', 'Keep the time', 'switch', { when: is('replace', true) }),
  ],
  filterByRefId: [spec('include', 'Queries', 'text', { hint: 'Letters with | between them' })],
  filterByValue: [
    choice('type', 'Rows are', [['include', 'Kept'], ['exclude', 'Dropped']], 'include'),
    choice('match', 'Where', [['any', 'Any condition holds'], ['all', 'All conditions hold']], 'any'),
    spec('filters', 'Conditions', 'rows', {
      fresh: { fieldName: '', config: { id: 'greater', options: { value: 0 } } },
      rows: [
        spec('fieldName', 'Field', 'field'),
        choice('config.id', 'Condition', MATCHERS, 'greater'),
        spec('config.options.value', 'Value', 'value', { when: isNot('config.id', 'between', 'isNull', 'isNotNull') }),
        spec('config.options.from', 'From', 'value', { when: is('config.id', 'between') }),
        spec('config.options.to', 'To', 'value', { when: is('config.id', 'between') }),
      ],
    }),
  ],
  filterFieldsByName: [...NAMES('include', 'Kept'), ...NAMES('exclude', 'Dropped')],
  formatString: [
    spec('stringField', 'Field', 'field'),
    choice('outputFormat', 'Format', ['Upper Case', 'Lower Case', 'Sentence Case', 'Title Case', 'Pascal Case', 'Camel Case', 'Snake Case', 'Kebab Case', 'Trim', 'Substring'].map((one) => [one, one] as const), 'Upper Case'),
    spec('substringStart', 'From', 'number', { when: is('outputFormat', 'Substring'), fallback: 0 }),
    spec('substringEnd', 'To', 'number', { when: is('outputFormat', 'Substring'), fallback: 100 }),
  ],
  formatTime: [
    spec('timeField', 'Field', 'field'),
    spec('outputFormat', 'Format', 'text', { hint: TIME_FORMAT_HINT }),
    spec('useTimezone', 'In the zone of the dashboard', 'switch'),
    spec('timezone', 'Zone', 'text', { when: isNot('useTimezone', true) }),
  ],
  groupingToMatrix: [
    spec('columnField', 'Columns', 'field', { fallback: 'Time' }),
    spec('rowField', 'Rows', 'field', { fallback: 'Time' }),
    spec('valueField', 'Cells', 'field', { fallback: 'Value' }),
    choice('emptyValue', 'Empty cells', [['empty', 'Empty'], ['null', 'Null'], ['true', 'True'], ['false', 'False'], ['zero', 'Zero']], 'empty'),
  ],
  histogram: [
    spec('bucketCount', 'Buckets', 'number', { fallback: 30 }),
    spec('bucketSize', 'Size of a bucket', 'number'),
    spec('bucketOffset', 'Offset', 'number'),
    spec('combine', 'Combine series', 'switch'),
  ],
  heatmap: [
    choice('xBuckets.mode', 'Columns by', [['size', 'Size'], ['count', 'Count']], 'size'),
    spec('xBuckets.value', 'Columns', 'text', { hint: 'A duration such as 1m, or how many' }),
    choice('yBuckets.mode', 'Rows by', [['size', 'Size'], ['count', 'Count']], 'size', { when: isNot('yBuckets.scale.type', 'log') }),
    spec('yBuckets.value', 'Rows', 'text', { hint: 'A size, how many, or the parts of a power' }),
    choice('yBuckets.scale.type', 'Scale of the rows', [['linear', 'Linear'], ['log', 'Logarithmic']], 'linear'),
    choice('yBuckets.scale.log', 'Base', [['2', '2'], ['10', '10']], '2', { when: is('yBuckets.scale.type', 'log') }),
    spec('keepOriginalData', 'Keep the series', 'switch'),
  ],
  joinByField: [
    spec('byField', 'Field', 'field', { hint: 'Empty for the time' }),
    choice('mode', 'Join', [['outer', 'Outer, as time series'], ['outerTabular', 'Outer, as tables'], ['inner', 'Inner']], 'outer'),
  ],
  joinByLabels: [spec('value', 'Label that names the values', 'text'), spec('join', 'Labels to join by', 'fields', { hint: 'Empty for all others' })],
  labelsToFields: [
    choice('mode', 'Labels become', [['columns', 'Columns'], ['rows', 'Rows']], 'columns'),
    spec('keepLabels', 'Labels', 'fields', { hint: 'Empty for all' }),
    spec('valueLabel', 'Label that names the value', 'text', { when: isNot('mode', 'rows') }),
  ],
  limit: [spec('limitField', 'Rows', 'number', { fallback: 10 })],
  merge: [],
  partitionByValues: [
    spec('fields', 'Fields', 'fields'),
    spec('naming.asLabels', 'Values as labels', 'switch'),
    spec('keepFields', 'Keep the fields', 'switch'),
  ],
  prepareTimeSeries: [choice('format', 'Format', [['multi', 'One frame each'], ['wide', 'One frame for all'], ['long', 'Labels as columns']], 'wide')],
  reduce: [
    choice('mode', 'Mode', [['seriesToRows', 'Series to rows'], ['reduceFields', 'Reduce fields']], 'seriesToRows'),
    spec('reducers', 'Calculations', 'choices', { choices: CALCS, fallback: ['max'] }),
    spec('includeTimeField', 'Reduce the time as well', 'switch', { when: is('mode', 'reduceFields') }),
    spec('labelsToFields', 'Labels as fields', 'switch', { when: isNot('mode', 'reduceFields') }),
  ],
  regression: [
    spec('xFieldName', 'X', 'field', { hint: 'Empty for the time' }),
    spec('yFieldName', 'Y', 'field', { hint: 'Empty for the first number' }),
    choice('modelType', 'Model', [['linear', 'Linear'], ['polynomial', 'Polynomial']], 'linear'),
    choice('degree', 'Degree', ['2', '3', '4', '5'].map((one) => [one, one] as const), '2', { when: is('modelType', 'polynomial') }),
    spec('predictionCount', 'Points', 'number', { fallback: 100 }),
  ],
  renameByRegex: [spec('regex', 'Match', 'text', { check: regexProblem, fallback: '(.*)' }), spec('renamePattern', 'Replace with', 'text', { fallback: '$1' })],
  rowsToFields: [spec('mappings', 'Roles of the columns', 'rows', { rows: MAPPINGS, fresh: { fieldName: '', handlerKey: 'field.name' } })],
  seriesToRows: [],
  smoothing: [spec('resolution', 'Points that tell the shape', 'number', { fallback: 100 })],
  sortBy: [spec('sort', 'By', 'rows', { fresh: { field: '' }, rows: [spec('field', 'Field', 'field'), spec('desc', 'Descending', 'switch')] })],
  spatial: [
    choice('action', 'Action', [['prepare', 'Points of the rows'], ['calculate', 'Calculate'], ['modify', 'Draw lines']], 'prepare'),
    ...PLACE('source', 'Place'),
    choice('calculate.calc', 'Calculation', [['heading', 'Direction'], ['distance', 'Length'], ['area', 'Area']], 'heading', { when: is('action', 'calculate') }),
    spec('calculate.field', 'Name', 'text', { when: is('action', 'calculate') }),
    choice('modify.op', 'Line', [['asLine', 'Through all rows'], ['lineBuilder', 'From place to place in each row']], 'asLine', { when: is('action', 'modify') }),
    ...PLACE('modify.target', 'Place it ends at').map((one) => ({ ...one, when: (options: AnyRecord) => isBuilder(options) && (one.when?.(options) ?? true) })),
  ],
  transpose: [spec('firstFieldName', 'Name of the first column', 'text', { fallback: 'Field' }), spec('restFieldsName', 'Name of the others', 'text', { fallback: 'Value' })],
};

/** Those of the specs that the options call for. */
export const shownSpecs = (specs: readonly StepSpec[], options: unknown): StepSpec[] => specs.filter(({ when }) => !when || when(record(options)));
