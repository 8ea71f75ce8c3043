// The options of a variable, by its type. Source: spec grafana.md, VAR-1 and VAR-8.
import { tokenize } from '@narthex/vars';
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';

import { lengthOrNoneProblem, regexProblem } from './checks';
import type { OptionSpec } from './form';

type Choices = NonNullable<OptionSpec['choices']>;

const TYPES: Choices = [
  ['query', 'Query'],
  ['custom', 'Custom'],
  ['textbox', 'Text box'],
  ['constant', 'Constant'],
  ['interval', 'Interval'],
  ['datasource', 'Data source'],
  ['switch', 'Switch'],
  ['adhoc', 'Ad hoc filters'],
  ['groupby', 'Group by'],
];
const SORTS: Choices = [
  ['0', 'As they come'],
  ['1', 'Alphabetical (ascending)'],
  ['2', 'Alphabetical (descending)'],
  ['3', 'Numerical (ascending)'],
  ['4', 'Numerical (descending)'],
  ['5', 'Alphabetical, whatever the case (ascending)'],
  ['6', 'Alphabetical, whatever the case (descending)'],
  ['7', 'Natural (ascending)'],
  ['8', 'Natural (descending)'],
];
const HIDES: Choices = [
  ['0', 'Above the dashboard'],
  ['1', 'Above the dashboard, without its label'],
  ['3', 'In the controls menu'],
  ['2', 'Hidden'],
];

const HEAD: readonly OptionSpec[] = [
  { path: 'name', label: 'Name', kind: 'text' },
  { path: 'type', label: 'Type', kind: 'choice', choices: TYPES },
  { path: 'label', label: 'Label', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'text' },
];
const MANY: readonly OptionSpec[] = [
  { path: 'multi', label: 'Several values', kind: 'switch' },
  { path: 'includeAll', label: 'All as a choice', kind: 'switch' },
];
const ALL_VALUE: OptionSpec = { path: 'allValue', label: 'Value of All', kind: 'text', hint: 'Such as .*; empty: all values' };
const TYPED: OptionSpec = { path: 'allowCustomValue', label: 'Typed values', kind: 'switch', fallback: true, hint: 'A person may type what is not among the choices' };
const QUERY_HINT = 'label_values(metric, label), label_names(), metrics(regex), query_result(expr)';
const STATIC_ORDER: OptionSpec = { path: 'staticOptionsOrder', label: 'They stand', kind: 'choice', choices: [['before', 'Before the values found'], ['after', 'After the values found'], ['sorted', 'Among the values found']], fallback: 'before' };

const QUERY: readonly OptionSpec[] = [
  { path: 'query', label: 'Query', kind: 'text', hint: QUERY_HINT },
  { path: 'regex', label: 'Regex', kind: 'text', check: regexProblem, hint: '/pattern/ keeps what matches; a group, or (?<text>…) and (?<value>…), what it holds' },
  { path: 'sort', label: 'Sort', kind: 'choice', choices: SORTS, isNumeric: true, fallback: '0' },
  { path: 'refresh', label: 'Refresh', kind: 'choice', choices: [['1', 'On dashboard load'], ['2', 'On time range change'], ['0', 'Never']], isNumeric: true, fallback: '1' },
];
const CUSTOM_JSON = { path: 'query', label: 'Values, as a JSON list', kind: 'lines', hint: '[{"value": "eu", "text": "Europe", "host": "h1"}]; ${name.host} is h1' } as const;

const OF_TYPE: Readonly<Record<string, readonly OptionSpec[]>> = {
  textbox: [{ path: 'query', label: 'Default', kind: 'text' }],
  constant: [{ path: 'query', label: 'Value', kind: 'text' }],
  interval: [
    { path: 'query', label: 'Intervals', kind: 'text', hint: '1m,10m,1h' },
    { path: 'auto', label: 'Auto', kind: 'switch', hint: 'One that follows from the range' },
    { path: 'auto_count', label: 'Auto steps', kind: 'number', fallback: 30 },
    { path: 'auto_min', label: 'Auto least', kind: 'text', check: lengthOrNoneProblem, fallback: '10s' },
  ],
  datasource: [{ path: 'query', label: 'Type', kind: 'text', hint: 'prometheus' }, { path: 'regex', label: 'Names matching', kind: 'text', check: regexProblem }, ...MANY],
  switch: [
    { path: 'options.0.value', label: 'Value when on', kind: 'text' },
    { path: 'options.1.value', label: 'Value when off', kind: 'text' },
  ],
  adhoc: [TYPED],
  groupby: [TYPED],
};
const TAIL: readonly OptionSpec[] = [
  { path: 'hide', label: 'Display', kind: 'choice', choices: HIDES, isNumeric: true, fallback: '0' },
  { path: 'skipUrlSync', label: 'Keep out of the address', kind: 'switch' },
];

const withAll = (variable: AnyRecord): OptionSpec[] => [...MANY, ...(variable['includeAll'] === true ? [ALL_VALUE] : []), TYPED];

function ofType(variable: AnyRecord): readonly OptionSpec[] {
  switch (variable['type']) {
    case 'query':
      return [...QUERY, ...withAll(variable), ...(records(variable['staticOptions']).length > 0 ? [STATIC_ORDER] : [])];
    case 'custom': {
      const isJson = variable['valuesFormat'] === 'json';
      const values: OptionSpec = isJson ? CUSTOM_JSON : { path: 'query', label: 'Values, separated by commas', kind: 'text', hint: 'Shown : value gives one another name' };
      return [{ path: 'valuesFormat', label: 'Written as', kind: 'choice', choices: [['csv', 'CSV'], ['json', 'JSON']], fallback: 'csv' }, values, ...withAll(variable)];
    }
    default:
      return OF_TYPE[text(variable['type'])] ?? [];
  }
}

export const variableSpecs = (variable: AnyRecord): OptionSpec[] => [...HEAD, ...ofType(variable), ...TAIL];

/** The query of a file may be an object; the form shows and writes its text. */
export const flat = (variable: AnyRecord): AnyRecord => (isRecord(variable['query']) ? { ...variable, query: text(record(variable['query'])['query']) } : variable);

const SWITCH_OPTIONS = [
  { text: 'Enabled', value: 'true', selected: true },
  { text: 'Disabled', value: 'false', selected: false },
];

/** What follows from a change: a type that lists its values has a list. */
export function settledVariable(variable: AnyRecord): AnyRecord {
  if (variable['type'] !== 'switch' || records(variable['options']).length === 2) return variable;
  return { ...variable, options: SWITCH_OPTIONS, current: { text: 'Enabled', value: 'true' } };
}

/** A name that no other variable has. */
export function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let count = 2; taken.includes(name); count += 1) name = `${wanted}${count}`;
  return name;
}

/** How often the dashboard names the variable, in its panels, its other variables, its links and annotations. */
export function countUses(dashboard: AnyRecord, name: string): number {
  const { templating, ...rest } = dashboard;
  const others = records(record(templating)['list']).filter((one) => one['name'] !== name);
  const named = tokenize(JSON.stringify([rest, others])).filter((token) => token.kind === 'reference' && token.name === name).length;
  const repeats = [...JSON.stringify(rest).matchAll(/"repeat":"([^"]*)"/g)].filter((match) => match[1] === name).length;
  return named + repeats;
}
