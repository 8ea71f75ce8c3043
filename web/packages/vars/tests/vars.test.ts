import { describe, expect, test } from 'vitest';

import {
  ALL_VALUE,
  customOptions,
  dependencyOrder,
  filterFromUrl,
  filterToUrl,
  filterByRegex,
  formatValue,
  interpolate,
  intervalOptions,
  jsonOptions,
  parsePrometheusVariableQuery,
  prometheusFormat,
  readUrlValues,
  selectCurrent,
  sortOptions,
  tokenize,
  variableToUrl,
  withStatic,
  type Variable,
  type VariableValue,
} from '../src';

function variable(name: string, part: Partial<Variable> = {}): Variable {
  return {
    name,
    label: '',
    type: 'query',
    description: '',
    hide: 0,
    multi: false,
    includeAll: false,
    allValue: '',
    skipUrlSync: false,
    allowsCustom: true,
    auto: undefined,
    query: '',
    valuesFormat: 'csv',
    staticOptions: [],
    staticOptionsOrder: 'before',
    regex: '',
    sort: 0,
    filters: [],
    baseFilters: [],
    defaultKeys: undefined,
    refresh: 0,
    datasource: null,
    options: [],
    value: '',
    text: '',
    ...part,
  };
}

describe('tokenize', () => {
  test.each([
    ['a $b c', [['text', 'a '], ['reference', '$b'], ['text', ' c']]],
    ['${b:csv}${c.d}', [['reference', '${b:csv}'], ['reference', '${c.d}']]],
    ['[[b:pipe]]', [['reference', '[[b:pipe]]']]],
    ['${b["c.d"]}${b[0].e:csv}', [['reference', '${b["c.d"]}'], ['reference', '${b[0].e:csv}']]],
    ['$', [['text', '$']]],
    ['${', [['text', '${']]],
    ['x[[5m', [['text', 'x[[5m']]],
    ['rate(x[$__rate_interval])', [['text', 'rate(x['], ['reference', '$__rate_interval'], ['text', '])']]],
  ])('%s', (text, want) => expect(tokenize(text).map((token) => [token.kind, token.raw])).toEqual(want));
});

describe('formatValue', () => {
  const both: VariableValue = ['a.b', "c'd"];
  test.each<[string, VariableValue, string]>([
    ['glob', both, "{a.b,c'd}"],
    ['glob', ['one'], 'one'],
    ['csv', both, "a.b,c'd"],
    ['pipe', both, "a.b|c'd"],
    ['regex', both, "(a\\.b|c'd)"],
    ['regex', ['a.b'], 'a\\.b'],
    ['distributed', both, "a.b,x=c'd"],
    ['json', both, '["a.b","c\'d"]'],
    ['lucene', ['a', 'b'], '("a" OR "b")'],
    ['lucene', 'a b', 'a\\ b'],
    ['singlequote', both, "'a.b','c\\'d'"],
    ['doublequote', ['a"b'], '"a\\"b"'],
    ['sqlstring', both, "'a.b','c''d'"],
    ['queryparam', ['a b', 'c'], 'var-x=a%20b&var-x=c'],
    ['customqueryparam:p:x-', ['a', 'b'], 'p=x-a&p=x-b'],
    ['percentencode', ['a', '(b)'], '%7Ba%2C%28b%29%7D'],
    ['join:;', both, "a.b;c'd"],
    ['html', '<b>', '&lt;b&gt;'],
    ['text', both, 'A + B'],
    ['date', '0', '1970-01-01T00:00:00.000Z'],
    ['date:seconds', '1500', '2'],
    ['nosuch', 'v', 'v'],
  ])('%s of %j', (format, value, want) =>
    expect(formatValue(format, value, { name: 'x', text: ['A', 'B'] })).toBe(want),
  );
});

describe('interpolate for Prometheus', () => {
  const values: Record<string, { value: VariableValue; variable?: Variable }> = {
    single: { value: 'a"b\\c', variable: variable('single') },
    one: { value: 'a.b', variable: variable('one', { multi: true }) },
    many: { value: ['a.b', 'c'], variable: variable('many', { multi: true }) },
    all: { value: '.*' },
  };
  const lookup = (name: string) => values[name];
  test.each([
    ['x="$single"', 'x="a\\"b\\\\c"'],
    ['x=~"$one"', 'x=~"a\\\\.b"'],
    ['x=~"$many"', 'x=~"(a\\\\.b|c)"'],
    ['x=~"${many:pipe}"', 'x=~"a.b|c"'],
    ['x=~"$all"', 'x=~".*"'],
    ['x=~"$unknown"', 'x=~"$unknown"'],
    ['${__field.labels.job}', '${__field.labels.job}'],
  ])('%s', (text, want) => expect(interpolate(text, { lookup, write: prometheusFormat })).toBe(want));

  test('a field path reads the structured value', () => {
    const fields = { labels: { job: 'exposer' } };
    const scope = () => ({ value: '', fields });
    expect(interpolate('${__field.labels.job}', { lookup: scope })).toBe('exposer');
  });
  test.each([
    ['${x.a[1].b}', 'two'],
    ['${x["k.8/s"]}', 'dots'],
    ["${x['k.8/s']:percentencode}", 'dots'],
    ['${x[2]}', '${x[2]}'],
    ['${x.none.deeper}', '${x.none.deeper}'],
  ])('the path of %s', (text, want) => {
    const fields = { a: [{ b: 'one' }, { b: 'two' }], 'k.8/s': 'dots' };
    expect(interpolate(text, { lookup: () => ({ value: '', fields }) })).toBe(want);
  });
  test('a moment beyond what a date can be', () => expect(formatValue('date', '99999999999999999', { name: 'x', text: '' })).toBe('Invalid date'));
});

test('customOptions', () => {
  expect(customOptions('a, b\\,c, Shown : value,')).toEqual([
    { text: 'a', value: 'a' },
    { text: 'b,c', value: 'b,c' },
    { text: 'Shown', value: 'value' },
  ]);
});

describe('a list in JSON', () => {
  test('of values, and of objects', () => {
    expect(jsonOptions('["a", 2, {"value": "eu", "text": "Europe", "host": "h1"}, {"value": "us"}]')).toEqual([
      { text: 'a', value: 'a' },
      { text: '2', value: '2' },
      { text: 'Europe', value: 'eu', properties: { value: 'eu', text: 'Europe', host: 'h1' } },
      { text: 'us', value: 'us', properties: { value: 'us' } },
    ]);
  });
  test.each(['{"a": 1}', 'no JSON'])('%s is refused', (query) => expect(() => jsonOptions(query)).toThrow());
  test('what a choice says besides its value, of one and of several', () => {
    const region = variable('region', { multi: true });
    const lookup = () => ({ value: ['eu', 'us'], fields: [{ host: 'h.1' }, { host: 'h2' }], variable: region });
    expect(interpolate('${region.host:csv}', { lookup })).toBe('h.1,h2');
    expect(interpolate('up{host=~"${region.host}"}', { lookup, write: prometheusFormat })).toBe('up{host=~"(h\\\\.1|h2)"}');
    expect(interpolate('${region.host}', { lookup: () => ({ value: 'eu', fields: { host: 'h.1' } }) })).toBe('h.1');
    expect(interpolate('${region.none}', { lookup: () => ({ value: 'eu', fields: { host: 'h.1' } }) })).toBe('${region.none}');
  });
});

test.each([
  ['before', 0, ['x', 'b', 'c']],
  ['after', 0, ['c', 'b', 'x']],
  ['sorted', 1, ['b', 'c', 'x']],
] as const)('choices by hand stand %s those found', (staticOptionsOrder, sort, want) => {
  const option = (value: string) => ({ text: value, value });
  expect(withStatic(['c', 'b'].map(option), { staticOptions: ['x', 'b'].map(option), staticOptionsOrder, sort }).map(({ value }) => value)).toEqual(want);
});

test.each([
  ['${__url}', '/d/a/b?x=1&y=2'],
  ['${__url.path}', '/d/a/b'],
  ['${__url.params}', '?x=1&y=2'],
  ['${__url.params:exclude:x}', '?y=2'],
  ['${__url.params:include:x}', '?x=1'],
  ['${__url.params:include:z}', ''],
])('%s', (text, want) => expect(interpolate(text, { lookup: () => ({ value: '/d/a/b?x=1&y=2', fields: { path: '/d/a/b', params: '?x=1&y=2' } }) })).toBe(want));

test('intervalOptions', () => {
  expect(intervalOptions("1m,10m,'1 h'").map(({ value }) => value)).toEqual(['1m', '10m', '1 h']);
});

describe('filterByRegex', () => {
  const texts = ['node-1', 'node-2', 'db-1', 'node-1'];
  test.each([
    ['', ['node-1', 'node-2', 'db-1']],
    ['/node/', ['node-1', 'node-2']],
    ['/node-(\\d)/', ['1', '2']],
    ['/(?<text>\\w+)-(?<value>\\d)/', ['1', '2']],
    ['/(/', ['node-1', 'node-2', 'db-1']],
  ])('%s', (regex, want) => expect(filterByRegex(texts, regex).map(({ value }) => value)).toEqual(want));
});

describe('sortOptions', () => {
  const options = ['b10', 'B2', 'a1'].map((text) => ({ text, value: text }));
  test.each([
    [0, ['b10', 'B2', 'a1']],
    [1, ['B2', 'a1', 'b10']],
    [2, ['b10', 'a1', 'B2']],
    [3, ['a1', 'B2', 'b10']],
    [5, ['a1', 'b10', 'B2']],
    [7, ['a1', 'B2', 'b10']],
    [8, ['b10', 'B2', 'a1']],
  ])('%d', (sort, want) => expect(sortOptions(options, sort).map(({ text }) => text)).toEqual(want));
});

describe('selectCurrent', () => {
  const options = ['a', 'b'].map((text) => ({ text, value: text }));
  test.each<[string, Partial<Variable>, VariableValue, VariableValue]>([
    ['still an option', {}, 'b', 'b'],
    ['gone', {}, 'z', 'a'],
    ['gone, with All', { includeAll: true }, 'z', ALL_VALUE],
    ['multi keeps the valid ones', { multi: true }, ['z', 'b'], ['b']],
    ['multi, none valid', { multi: true }, ['z'], ['a']],
    ['All stays', { multi: true, includeAll: true }, [ALL_VALUE], [ALL_VALUE]],
  ])('%s', (_name, part, wanted, want) =>
    expect(selectCurrent(variable('x', part), wanted, options)).toEqual(want),
  );
});

test('dependencyOrder puts a variable behind what it uses, and cycles last', () => {
  const order = dependencyOrder([
    variable('c', { query: 'label_values(up{job="$b"}, x)' }),
    variable('a'),
    variable('b', { query: '${a}' }),
    variable('p', { query: '$q' }),
    variable('q', { query: '$p' }),
  ]);
  expect(order.map((group) => group.map(({ name }) => name))).toEqual([['a'], ['b'], ['c'], ['p'], ['q']]);
});

describe('parsePrometheusVariableQuery', () => {
  test.each([
    ['label_names()', { kind: 'labelNames', match: '' }],
    ['label_values(job)', { kind: 'labelValues', label: 'job', match: '' }],
    ['label_values(up{a="1",b="2"}, instance)', { kind: 'labelValues', label: 'instance', match: 'up{a="1",b="2"}' }],
    ['metrics(node_.*)', { kind: 'metrics', regex: 'node_.*' }],
    ['query_result(sum by (x) (up))', { kind: 'queryResult', expr: 'sum by (x) (up)' }],
    ['up{job="a"}', { kind: 'series', match: 'up{job="a"}' }],
  ])('%s', (text, want) => expect(parsePrometheusVariableQuery(text)).toEqual(want));
});

test('URL values survive a round trip', () => {
  const search = new URLSearchParams('var-a=1&var-b=x&var-b=y&other=z');
  expect([...readUrlValues(search)]).toEqual([
    ['a', '1'],
    ['b', ['x', 'y']],
  ]);
  expect(variableToUrl(variable('b', { value: ['x', 'y'] }))).toEqual({ key: 'var-b', values: ['x', 'y'] });
  expect(variableToUrl(variable('c', { skipUrlSync: true, value: 'x' })).values).toEqual([]);
});

test.each([
  ['date', '2020-07-13T20:19:09.254Z'],
  ['date:seconds', '1594671549'],
  ['date:ms', '1594671549254'],
  ['date:YYYY-MM', '2020-07'],
  ['date:D.M.YY HH:mm:ss', '13.7.20 20:19:09'],
])('a time as %s', (format, want) => expect(formatValue(format, '1594671549254', { name: '__from', text: '' })).toBe(want));

describe('ad hoc filters in the address', () => {
  test.each([
    [{ key: 'job', op: '=', values: ['a'] }, 'job|=|a'],
    [{ key: 'job', op: '=~', values: ['a|b,c#'] }, 'job|=~|a__gfp__b__gfc__c__gfh__'],
    [{ key: 'job', op: '=|', values: ['a', 'b|c'] }, 'job|=__gfp__|a|b__gfp__c'],
    [{ key: 'job', op: '!=', values: [''] }, 'job|!=|'],
  ])('%o is written as %s and read back', (filter, text) => {
    expect(filterToUrl(filter)).toBe(text);
    expect(filterFromUrl(text)).toEqual(filter);
  });
  test('a part may carry how it is shown', () => expect(filterFromUrl('job,Job|=|a,The a')).toEqual({ key: 'job', op: '=', values: ['a'] }));
  test.each(['', 'job', '|=|a'])('%s is no filter', (text) => expect(filterFromUrl(text)).toBeUndefined());
  test('all of a variable, and none', () => {
    const filters = [{ key: 'a', op: '=', values: ['1'] }, { key: 'b', op: '!=', values: ['2'] }];
    expect(variableToUrl(variable('f', { type: 'adhoc', filters })).values).toEqual(['a|=|1', 'b|!=|2']);
    expect(variableToUrl(variable('f', { type: 'adhoc' })).values).toEqual(['']);
  });
});
