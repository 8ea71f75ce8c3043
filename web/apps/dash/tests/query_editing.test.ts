import { describe, expect, test } from 'vitest';

import { hintForText } from '../src/edit/builder/operations';
import { PATTERNS, patternsFor, patternText } from '../src/edit/builder/patterns';
import { hasResolution, legendFormatOf, legendMode, LEGEND_MODES, optionsInWords, typeOf, withQueryType } from '../src/edit/query_options';
import { chosenSource, kindOf, sourceChoices, withSource } from '../src/edit/query_sources';
import { dropPlace } from '../src/edit/moved';
import { nextRefId, refIdFault, withRefId } from '../src/edit/refids';
import { isNarrowed, offeredQueries, queriesOfStep, withQueries } from '../src/edit/step_filter';
import { EMPTY_QUERY, parsePromql } from '@narthex/promql-tree';

const PROM = { uid: 'p', type: 'prometheus' };
const OTHER = { uid: 'q', type: 'prometheus' };
const MIXED = { uid: '-- Mixed --', type: 'datasource' };
const BOARD = { uid: '-- Dashboard --', type: 'datasource' };
const GRAFANA = { uid: '-- Grafana --', type: 'grafana' };
const FRESH = { refId: 'A', expr: '', datasource: PROM };

describe('the data source of a panel', () => {
  const panel = { id: 1, datasource: PROM, targets: [{ refId: 'A', expr: 'up', datasource: PROM }, { refId: 'B', type: 'math', datasource: { uid: '__expr__' } }] };
  test('another of the kind takes the queries along, expressions stay where they are', () => {
    expect(withSource(panel, OTHER, PROM, FRESH)).toMatchObject({ datasource: OTHER, targets: [{ expr: 'up', datasource: OTHER }, { datasource: { uid: '__expr__' } }] });
  });
  test('mixed: each query keeps its own; one without any gets the one of before', () => {
    const bare = { ...panel, targets: [...panel.targets, { refId: 'C', expr: 'x' }] };
    expect(withSource(bare, MIXED, PROM, FRESH)).toMatchObject({ datasource: MIXED, targets: [{ datasource: PROM }, { datasource: { uid: '__expr__' } }, { refId: 'C', datasource: PROM }] });
  });
  test('another panel, and what is built in, have queries of their own', () => {
    expect(withSource(panel, BOARD, PROM, FRESH)['targets']).toEqual([{ refId: 'A', datasource: BOARD }]);
    expect(withSource(panel, GRAFANA, PROM, FRESH)['targets']).toEqual([{ refId: 'A', queryType: 'randomWalk', datasource: GRAFANA }]);
  });
  test('back from there a query begins anew', () => {
    const shared = { ...panel, datasource: BOARD, targets: [{ refId: 'A', panelId: 2, datasource: BOARD }] };
    expect(withSource(shared, PROM, PROM, FRESH)['targets']).toEqual([{ ...FRESH, datasource: PROM }]);
  });
  test.each([
    [PROM, 'queries'],
    [null, 'queries'],
    [MIXED, 'mixed'],
    [BOARD, 'dashboard'],
    [GRAFANA, 'grafana'],
    [{ uid: 'grafana' }, 'grafana'],
  ] as const)('%j is %s', (ref, want) => expect(kindOf(ref)).toBe(want));
  test.each([
    [PROM, 'p', 'p'],
    [null, 'std', 'std'],
    [{ uid: '$ds' }, 'std', '${ds}'],
    [{ uid: '${ds}' }, undefined, '${ds}'],
    [{ uid: '[[ds]]' }, undefined, '${ds}'],
    [MIXED, 'std', '-- Mixed --'],
    [{ uid: 'gone' }, undefined, null],
  ] as const)('%j is shown as %j of %j', (ref, standard, want) => expect(chosenSource(ref, standard)).toBe(want));
  test('variables of data sources and what is built in can be chosen', () => {
    const values = (hasBuiltIn: boolean): string[] => sourceChoices([{ uid: 'p', name: 'P', type: 'prometheus' }], [{ name: 'ds', type: 'datasource' }, { name: 'job', type: 'query' }], hasBuiltIn).map(({ value }) => value);
    expect(values(true)).toEqual(['p', '${ds}', '-- Mixed --', '-- Dashboard --', '-- Grafana --']);
    expect(values(false)).toEqual(['p', '${ds}']);
  });
});

describe('names of queries', () => {
  test.each([
    ['A', 'A', ''],
    ['requests', 'A', ''],
    ['B', 'A', 'There is a query B already.'],
    [' ', 'A', 'A query needs a name.'],
  ])('%j for %s', (wanted, own, fault) => expect(refIdFault(wanted, own, ['A', 'B'])).toBe(fault));
  test('a free letter', () => expect(nextRefId([{ refId: 'A' }, { refId: 'C' }])).toBe('B'));
  test('expressions and overrides follow', () => {
    const expr = { uid: '__expr__' };
    const panel = {
      targets: [
        { refId: 'A', expr: 'a{x="$A"}' },
        { refId: 'AB', expr: 'b' },
        { refId: 'C', type: 'math', expression: '$A / $AB + ${A}', datasource: expr },
        { refId: 'D', type: 'reduce', expression: 'A', datasource: expr },
        { refId: 'E', type: 'classic_conditions', conditions: [{ query: { params: ['A'] } }], datasource: expr },
      ],
      fieldConfig: { defaults: {}, overrides: [{ matcher: { id: 'byFrameRefID', options: 'A' }, properties: [] }, { matcher: { id: 'byName', options: 'A' }, properties: [] }] },
    };
    expect(withRefId(panel, 'A', 'all')).toEqual({
      targets: [
        { refId: 'all', expr: 'a{x="$A"}' },
        { refId: 'AB', expr: 'b' },
        { refId: 'C', type: 'math', expression: '$all / $AB + $all', datasource: expr },
        { refId: 'D', type: 'reduce', expression: 'all', datasource: expr },
        { refId: 'E', type: 'classic_conditions', conditions: [{ query: { params: ['all'] } }], datasource: expr },
      ],
      fieldConfig: { defaults: {}, overrides: [{ matcher: { id: 'byFrameRefID', options: 'all' }, properties: [] }, { matcher: { id: 'byName', options: 'A' }, properties: [] }] },
    });
    expect(withRefId({ targets: [{ refId: 'C', type: 'math', expression: '$A', datasource: expr }] }, 'A', 'two words')).toMatchObject({ targets: [{ expression: '${two words}' }] });
  });
});

describe('queries that a transformation is for', () => {
  test.each([
    [[], ''],
    [['A'], 'A'],
    [['A', 'B'], '/^(?:A|B)$/'],
    [['two.words', 'a|b'], '/^(?:two\\.words|a\\|b)$/'],
    [['a|b'], '/^(?:a\\|b)$/'],
  ])('%j are written as %j, and read again', (refIds, options) => {
    const step = withQueries({ id: 'limit' }, refIds);
    expect(step).toEqual({ id: 'limit', filter: { id: 'byRefId', options } });
    expect([isNarrowed(step), queriesOfStep(step)]).toEqual([true, refIds]);
    expect(withQueries(step, undefined)).toEqual({ id: 'limit' });
  });
  test('names with | between them are read, too; other matchers are none of it', () => {
    expect(queriesOfStep({ filter: { id: 'byRefId', options: 'A|B' } })).toEqual(['A', 'B']);
    expect([queriesOfStep({ filter: { id: 'byName', options: 'A' } }), isNarrowed({ filter: { id: 'byName', options: 'A' } }), isNarrowed({})]).toEqual([[], false, false]);
  });
  test('those chosen that are gone are offered', () => expect(offeredQueries(['A', 'B'], withQueries({}, ['B', 'Q']))).toEqual(['A', 'B', 'Q']));
  test('they follow a new name', () => {
    const transformations = [withQueries({ id: 'limit' }, ['A', 'AB']), withQueries({ id: 'merge' }, ['A']), { id: 'filterByRefId', options: { include: 'AB|A' } }, { id: 'filterByRefId', options: { include: '/A/' } }, { id: 'reduce' }];
    expect(withRefId({ targets: [], transformations }, 'A', 'all')['transformations']).toEqual([
      withQueries({ id: 'limit' }, ['all', 'AB']),
      withQueries({ id: 'merge' }, ['all']),
      { id: 'filterByRefId', options: { include: 'AB|all' } },
      { id: 'filterByRefId', options: { include: '/A/' } },
      { id: 'reduce' },
    ]);
  });
});

describe('a place in a list by dragging', () => {
  // Boxes of a height of 20, one under the other.
  const middles = [10, 30, 50];
  test.each([
    [0, 12, 0],
    [0, 29, 0],
    [0, 31, 1],
    [0, 400, 2],
    [2, 49, 2],
    [2, 29, 1],
    [2, -5, 0],
    [1, 30, 1],
  ])('box %i at %i goes to %i', (from, y, want) => expect(dropPlace(middles, from, y)).toBe(want));
});

describe('options of a query (PROM-2)', () => {
  test.each([
    ['', 'verbose'],
    ['__auto', 'auto'],
    ['{{job}}', 'custom'],
  ])('the legend %j is %s', (format, mode) => expect(legendMode(format)).toBe(mode));
  test('each mode of the legend is what its format says', () => {
    for (const { value } of LEGEND_MODES) expect(legendMode(legendFormatOf(value))).toBe(value);
  });
  test.each([['range'], ['instant'], ['both']] as const)('type %s', (type) => expect(typeOf(withQueryType({}, type))).toBe(type));
  test('neither is a range', () => expect(typeOf({ instant: false, range: false })).toBe('range'));
  test('the old resolution is shown where a file has one', () => expect([hasResolution({}), hasResolution({ intervalFactor: 1 }), hasResolution({ intervalFactor: 2 })]).toEqual([false, false, true]));
  test('in words', () => {
    expect(optionsInWords({ legendFormat: '{{job}}', interval: '1m', format: 'table', instant: true, exemplar: true })).toBe('Legend: {{job}}, Format: Table, Step: 1m, Type: Instant, Exemplars');
    expect(optionsInWords({ legendFormat: '__auto' })).toBe('Legend: Auto, Format: Time series, Step: auto, Type: Range');
  });
});

describe('patterns to start from (PROM-12)', () => {
  test('each is an expression over the metric and its filters', () => {
    const query = { ...EMPTY_QUERY, metric: 'x_total', matchers: [{ label: 'job', op: '=', value: 'a' } as const] };
    for (const pattern of PATTERNS) {
      const text = patternText(pattern, query);
      expect(parsePromql(text).fault, pattern.name).toBeUndefined();
      expect(text).toContain('x_total{job="a"}');
    }
  });
  test.each([
    ['x_total', 'counter', 'Counters'],
    ['x_total', 'unknown', 'Counters'],
    ['x_bucket', 'histogram', 'Histograms'],
    ['x', 'gauge', 'Gauges'],
  ])('for %s, a %s, first those of %s', (metric, type, group) => expect(patternsFor(metric, type)[0]?.group).toBe(group));
});

describe('hints for code (PROM-12)', () => {
  const typeOfMetric = (metric: string): string => ({ requests: 'counter', temperature: 'gauge', native: 'histogram' })[metric] ?? '';
  test.each([
    ['requests', 'rate(requests[$__rate_interval])'],
    ['sum by (job) (x_total{a="b"})', 'sum by (job) (rate(x_total{a="b"}[$__rate_interval]))'],
    ['x_bucket', 'histogram_quantile(0.95, sum by (le) (rate(x_bucket[$__rate_interval])))'],
    ['native', 'histogram_quantile(0.95, sum(rate(native[$__rate_interval])))'],
  ])('%s', (text, want) => expect(hintForText(text, typeOfMetric)?.expr).toBe(want));
  test.each([['temperature'], ['rate(requests[5m])'], ['sum('], ['']])('none for %j', (text) => expect(hintForText(text, typeOfMetric)).toBeUndefined());
});
