import { describe, expect, test } from 'vitest';

import { buildQueries, hasOrder, matchersOf, narrowingOf, panelLookup, resolveVariables, variableFromJson, withoutOrder } from '../src';

const source = (uid: string, isDefault = false) => ({ uid, name: uid, type: 'prometheus', isDefault, jsonData: {} });
const sources = { dataSources: [source('one', true), source('two')], defaultDataSource: 'one' };
const adhoc = (name: string, uid: string | undefined, ...filters: object[]) => variableFromJson({ name, type: 'adhoc', filters, ...(uid ? { datasource: { type: 'prometheus', uid } } : {}) });
const keep = (text: string): string => text;

describe('filters of a data source', () => {
  test.each([
    [{ key: 'job', operator: '=', value: 'a' }, { label: 'job', op: '=', value: 'a' }],
    [{ key: 'job', operator: '=~', value: 'a.*' }, { label: 'job', op: '=~', value: 'a.*' }],
    [{ key: 'job', operator: '=|', values: ['a.b', 'c'] }, { label: 'job', op: '=~', value: 'a\\.b|c' }],
    [{ key: 'job', operator: '!=|', value: 'x', values: ['a', 'b'] }, { label: 'job', op: '!~', value: 'a|b' }],
  ])('%o', (filter, want) => expect(narrowingOf([adhoc('f', undefined, filter)], sources, 'one', keep).filters).toEqual([want]));

  test('each source has its own', () => {
    const all = [adhoc('f', 'two', { key: 'a', operator: '=', value: '1' }), adhoc('g', undefined, { key: 'b', operator: '=', value: '2' })];
    expect(narrowingOf(all, sources, 'two', keep).filters).toEqual([{ label: 'a', op: '=', value: '1' }]);
    expect(narrowingOf(all, sources, 'one', keep).filters).toEqual([{ label: 'b', op: '=', value: '2' }]);
  });

  test('an order is nothing for labels', () => {
    expect(() => narrowingOf([adhoc('f', undefined, { key: 'a', operator: '<', value: '1' })], sources, 'one', keep)).toThrow('not for Prometheus');
  });

  describe('an order of numbers', () => {
    const values = ['1', '2', '10', '0.5', '1e3', 'x', ''];
    const narrowed = async (operator: string, value: string) => {
      const [variable] = await withoutOrder([adhoc('f', 'two', { key: 'le', operator, value })], { sources, window: { fromMs: 1000, toMs: 2000 }, write: keep, fetchResource: async (uid, path) => (uid === 'two' && path === 'api/v1/label/le/values' ? values : []) });
      return narrowingOf(variable ? [variable] : [], sources, 'two', keep).filters;
    };
    test.each([
      ['<', '2', { label: 'le', op: '=~', value: '1|0\\.5' }],
      ['>', '2', { label: 'le', op: '=~', value: '10|1e3' }],
      ['>', '5000', { label: 'le', op: '=', value: 'no value > 5000' }],
    ])('%s %s is the choice of the values within it', async (operator, value, want) => expect(await narrowed(operator, value)).toEqual([want]));
    test.each([['text'], ['']])('%j is no bound', async (value) => expect(narrowed('<', value)).rejects.toThrow('not for Prometheus'));
    test('other filters stay, and nothing is asked for them', async () => {
      const variables = [adhoc('f', 'two', { key: 'a', operator: '=', value: '1' })];
      const fetchResource = async () => { throw new Error('asked'); };
      expect(hasOrder(variables)).toBe(false);
      expect(await withoutOrder(variables, { sources, window: { fromMs: 0, toMs: 1 }, write: keep, fetchResource })).toEqual(variables);
    });
  });

  test('in text, the name of the variable stands for its filters', () => {
    const lookup = panelLookup([adhoc('f', undefined, { key: 'a', operator: '=', value: 'x"y' }, { key: 'b', operator: '!=', value: '2' })], {}, () => undefined);
    expect(lookup('f')?.value).toBe('a="x\\"y",b!="2"');
  });

  test('a query is narrowed for its own source, its variables written', () => {
    const target = { refId: 'A', hide: false, datasource: { uid: 'two' }, expr: 'up' };
    const panel = { id: 1, targets: [target], datasource: null, timeFrom: '', timeShift: '' } as unknown as Parameters<typeof buildQueries>[0];
    const context = { sources, window: { fromMs: 0, toMs: 1 }, isRelative: true, widthPx: 100, write: keep, writeQuery: (text: string) => `${text}!`, narrow: (text: string, uid: string) => `${text} for ${uid}` };
    expect(buildQueries(panel, context)[0]?.['expr']).toBe('up! for two');
  });
});

describe('values of the address', () => {
  const context = (wanted: Record<string, string | string[]>) => ({
    sources,
    window: { fromMs: 0, toMs: 1 },
    builtins: () => undefined,
    wanted: new Map(Object.entries(wanted)),
    fetchResource: () => Promise.resolve([]),
  });
  const file = adhoc('f', undefined, { key: 'a', operator: '=', value: '1' });
  test.each([
    [{}, [{ key: 'a', op: '=', values: ['1'] }]],
    [{ f: '' }, []],
    [{ f: ['b|=|2', 'c|!=|3'] }, [{ key: 'b', op: '=', values: ['2'] }, { key: 'c', op: '!=', values: ['3'] }]],
  ])('%o wins over the file', async (wanted, filters) => {
    const { variables } = await resolveVariables([file], context(wanted));
    expect(variables[0]?.filters).toEqual(filters);
  });
  test('labels to group by', async () => {
    const grouping = variableFromJson({ name: 'g', type: 'groupby', current: { value: ['pod'], text: ['pod'] } });
    const { variables } = await resolveVariables([grouping], context({}));
    expect(narrowingOf(variables, sources, 'one', keep).groupBy).toEqual(['pod']);
    expect((await resolveVariables([grouping], context({ g: ['a', 'b'] }))).variables[0]?.value).toEqual(['a', 'b']);
    expect((await resolveVariables([grouping], context({ g: '' }))).variables[0]?.value).toEqual([]);
  });
});

describe('VAR-8: what is offered for a filter', () => {
  const keyed = (part: object) => variableFromJson({ name: 'f', type: 'adhoc', filters: [{ key: 'a', operator: '=', value: '1' }], ...part });
  test('base filters narrow it, and no query', () => {
    const variable = keyed({ baseFilters: [{ key: 'job', operator: '=|', value: 'x', values: ['x', 'y.z'] }] });
    expect(matchersOf([...variable.baseFilters, ...variable.filters])).toEqual([{ label: 'job', op: '=~', value: 'x|y\\.z' }, { label: 'a', op: '=', value: '1' }]);
    expect(narrowingOf([variable], sources, 'one', keep).filters).toEqual([{ label: 'a', op: '=', value: '1' }]);
  });
  test('what is half written, or an order of numbers, does not', () => {
    expect(matchersOf([{ key: '', op: '=', values: ['x'] }, { key: 'a', op: '=', values: [''] }, { key: 'a', op: '<', values: ['1'] }, { key: 'a', op: '!=|', values: [] }])).toEqual([]);
  });
  test.each([
    [undefined, undefined],
    [[{ text: 'Job', value: 'job' }, { text: 'instance' }, { value: 'x' }], [{ text: 'Job', value: 'job' }, { text: 'instance', value: 'instance' }, { text: 'x', value: 'x' }]],
    [[], []],
  ])('keys %j', (defaultKeys, want) => expect(keyed({ defaultKeys }).defaultKeys).toEqual(want));
  test('other variables have neither', () => expect(variableFromJson({ name: 'q', type: 'query', defaultKeys: [], baseFilters: [{ key: 'a', value: 'b' }] })).toMatchObject({ defaultKeys: undefined, baseFilters: [] }));
});
