import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { mappingRows, mappingsJson } from '../src/edit/mappings';
import { freshMatcher, freshValue, MATCHERS, matcherText, propertySpecs } from '../src/edit/override_specs';
import { metricIn, patternsFor } from '../src/edit/patterns';
import { overrideColorOptions, standardOptions } from '../src/edit/standard_specs';
import { suggestionsFor, withSuggestion } from '../src/edit/suggestions';

describe('value mappings (FIELD-4)', () => {
  const json = [
    { type: 'value', options: { b: { text: 'B', index: 1 }, a: { text: 'A', color: 'red', index: 0 } } },
    { type: 'range', options: { from: 1, to: null, result: { text: 'many', index: 2 } } },
    { type: 'regex', options: { pattern: '/x(.*)/', result: { text: '$1', index: 3 } } },
    { type: 'special', options: { match: 'null+nan', result: { text: 'none', index: 4 } } },
  ];
  test('of all four kinds become rows in their order, and mappings again', () => {
    const rows = mappingRows(json);
    expect(rows.map(({ kind, match, from, to }) => [kind, match, from, to])).toEqual([
      ['value', 'a', null, null],
      ['value', 'b', null, null],
      ['range', '', 1, null],
      ['regex', '/x(.*)/', null, null],
      ['special', 'null+nan', null, null],
    ]);
    expect(mappingRows(mappingsJson(rows))).toEqual(rows);
    expect(mappingsJson(rows)[2]).toEqual({ type: 'range', options: { from: 1, to: null, result: { text: 'many', index: 2 } } });
  });
});

describe('overrides (FIELD-3)', () => {
  test('every matcher starts with something that can be matched', () => {
    expect(MATCHERS.map(({ value }) => freshMatcher(value)['id'])).toEqual(MATCHERS.map(({ value }) => value));
    expect(freshMatcher('byValue')).toEqual({ id: 'byValue', options: { reducer: 'allIsZero', op: 'gte', value: 0 } });
    expect(freshMatcher('numeric')).toEqual({ id: 'numeric' });
  });
  test('a heading says which fields', () => {
    expect(matcherText({ id: 'byName', options: 'cpu' })).toBe('Fields with name cpu');
    expect(matcherText({ id: 'byNames', options: { names: ['a', 'b'] } })).toBe('Fields with names a, b');
    expect(matcherText({ id: 'ofAnother', options: { x: 1 } })).toBe('ofAnother');
  });
  test('options of one object are one property', () => {
    const scale = propertySpecs('timeseries').find(({ id }) => id === 'custom.scaleDistribution');
    expect(scale).toMatchObject({ kind: 'object' });
    expect(scale?.specs.map(({ path }) => path)).toEqual(expect.arrayContaining(['type', 'log']));
    expect(scale && freshValue(scale)).toMatchObject({ type: 'linear', log: 2 });
  });
  test('what takes more than a word has an editor of its own', () => {
    const kinds = new Map(propertySpecs('timeseries').map(({ id, kind }) => [id, kind]));
    expect(['color', 'thresholds', 'mappings', 'links', 'custom.hideFrom', 'unit'].map((id) => kinds.get(id))).toEqual(['color', 'thresholds', 'mappings', 'links', 'object', 'plain']);
    expect(propertySpecs('text').some(({ id }) => id === 'custom.hideFrom')).toBe(false);
  });
});

test('a colour is asked for where the scheme takes one, a value where it goes by values (FIELD-2)', () => {
  const paths = (mode: string) => standardOptions({ color: { mode } }).map(({ path }) => path);
  expect(paths('fixed')).toContain('color.fixedColor');
  expect(paths('palette-classic')).not.toContain('color.fixedColor');
  expect(paths('continuous-viridis')).toContain('color.seriesBy');
  expect(overrideColorOptions({ mode: 'shades' }).map(({ path }) => path)).toEqual(['mode', 'fixedColor']);
  const modes = standardOptions({}).find(({ path }) => path === 'color.mode')?.choices?.map(([mode]) => mode);
  expect(modes).toHaveLength(20);
});

describe('suggestions follow from the data (UI-3)', () => {
  const series = (count: number, rows: number): DataFrame[] =>
    Array.from({ length: count }, (_, index) =>
      toDataFrame({ fields: [{ name: 'Time', type: FieldType.time, values: Array.from({ length: rows }, (_one, at) => at) }, { name: 'Value', type: FieldType.number, labels: { i: String(index) }, values: Array.from({ length: rows }, () => 1) }] }),
    );
  const types = (frames: DataFrame[]) => suggestionsFor(frames).map(({ type }) => type);
  test('nothing for nothing', () => expect(types([])).toEqual([]));
  test('lines first for series over time, shares only of a few', () => {
    expect(types(series(3, 10))[0]).toBe('timeseries');
    expect(types(series(3, 10))).toContain('piechart');
    expect(types(series(40, 10))).not.toContain('piechart');
    expect(types(series(40, 10))).not.toContain('stat');
    expect(suggestionsFor(series(1, 10)).map(({ name }) => name)).not.toContain('Stacked areas');
  });
  test('a heatmap for buckets', () => {
    const frame = toDataFrame({ fields: [{ name: 'Time', type: FieldType.time, values: [1, 2] }, { name: 'Value', type: FieldType.number, labels: { le: '1' }, values: [1, 2] }] });
    expect(types([frame])[0]).toBe('heatmap');
  });
  test('rows of one moment are a table, bars by name, states over time', () => {
    const rows = toDataFrame({ fields: [{ name: 'job', type: FieldType.string, values: ['a', 'b'] }, { name: 'Value', type: FieldType.number, values: [1, 2] }] });
    expect(types([rows])[0]).toBe('table');
    expect(types([rows])).toEqual(expect.arrayContaining(['barchart', 'piechart', 'stat']));
    const states = toDataFrame({ fields: [{ name: 'Time', type: FieldType.time, values: [1, 2] }, { name: 'state', type: FieldType.string, values: ['up', 'down'] }] });
    expect(types([states])[0]).toBe('state-timeline');
  });
  test('one that is taken changes how it looks, not what it asks', () => {
    const panel = { id: 1, type: 'timeseries', title: 't', targets: [{ refId: 'A' }], options: { legend: {} }, fieldConfig: { defaults: { unit: 's', custom: { lineWidth: 3 } }, overrides: [{ matcher: { id: 'byName' } }] } };
    const stacked = suggestionsFor(series(3, 10)).find(({ name }) => name === 'Stacked areas');
    expect(stacked && withSuggestion(panel, stacked)).toEqual({
      ...panel,
      fieldConfig: { overrides: panel.fieldConfig.overrides, defaults: { unit: 's', custom: { lineWidth: 3, drawStyle: 'line', fillOpacity: 30, stacking: { mode: 'normal', group: 'A' } } } },
    });
  });
});

describe('queries to start from (PROM-12)', () => {
  test.each([
    ['', ''],
    ['sum by (job) (rate(http_requests_total{code="200"}[5m]))', 'http_requests_total'],
    ['histogram_quantile(0.9, sum by (le) (rate(x_bucket[$__rate_interval])))', 'x_bucket'],
    ['$metric + up', 'up'],
    ['a / on (job) b', 'a'],
  ])('the metric in %s', (expr, want) => expect(metricIn(expr)).toBe(want));
  test('are over the metric at hand, and over the parts of its histogram', () => {
    const exprOf = (metric: string, name: string) => patternsFor(metric).find((one) => one.name === name)?.expr;
    expect(exprOf('x_total', 'Rate of all, summed')).toBe('sum(rate(x_total[$__rate_interval]))');
    expect(exprOf('x_bucket', 'Mean')).toBe('sum(rate(x_sum[$__rate_interval])) / sum(rate(x_count[$__rate_interval]))');
    expect(exprOf('x_sum', '95th percentile')).toContain('x_bucket');
  });
});
