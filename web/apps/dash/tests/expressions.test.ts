import { describe, expect, test } from 'vitest';

import { freshCondition, viewOf, withView } from '../src/edit/conditions';
import { expressionSpecs, withKind } from '../src/edit/expression_specs';

const paths = (target: Record<string, unknown>): string[] => expressionSpecs(target, ['A', 'C']).map(({ path }) => path);

describe('what an expression asks for', () => {
  test.each<[Record<string, unknown>, string[]]>([
    [{}, ['expression']],
    [{ type: 'math' }, ['expression']],
    [{ type: 'reduce' }, ['expression', 'reducer', 'settings.mode']],
    [{ type: 'reduce', settings: { mode: 'replaceNN' } }, ['expression', 'reducer', 'settings.mode', 'settings.replaceWithValue']],
    [{ type: 'resample' }, ['expression', 'window', 'downsampler', 'upsampler']],
    [{ type: 'threshold', conditions: [{ evaluator: { type: 'gt' } }] }, ['expression', 'conditions.0.evaluator.type', 'conditions.0.evaluator.params.0']],
    [{ type: 'threshold', conditions: [{ evaluator: { type: 'within_range' } }] }, ['expression', 'conditions.0.evaluator.type', 'conditions.0.evaluator.params.0', 'conditions.0.evaluator.params.1']],
    [{ type: 'classic_conditions' }, ['conditions']],
  ])('%j', (target, want) => expect(paths(target)).toEqual(want));
  test('inputs are the other queries', () => {
    expect(expressionSpecs({ type: 'reduce' }, ['A', 'C'])[0]?.choices).toEqual([
      ['A', 'A'],
      ['C', 'C'],
    ]);
  });
});

describe('what another kind begins with', () => {
  const target = { refId: 'B', datasource: { uid: '__expr__' } };
  test.each<[string, Record<string, unknown>]>([
    ['math', { expression: '$A' }],
    ['reduce', { expression: 'A', reducer: 'last' }],
    ['resample', { expression: 'A', window: '1m', downsampler: 'mean', upsampler: 'fillna' }],
    ['threshold', { expression: 'A', conditions: [{ type: 'query', evaluator: { type: 'gt', params: [0, 0] } }] }],
  ])('%s', (kind, want) => expect(withKind(target, kind, ['A', 'C'])).toEqual({ ...target, type: kind, ...want }));
  test('the input stays', () => expect(withKind({ ...target, expression: 'C' }, 'reduce', ['A', 'C'])).toMatchObject({ expression: 'C' }));
});

describe('classic conditions', () => {
  const fresh = { type: 'query', query: { params: ['A'] }, reducer: { type: 'last', params: [] }, evaluator: { type: 'gt', params: [0] }, operator: { type: 'and' } };
  test('a fresh one is what files hold', () => {
    expect(freshCondition('A')).toEqual(fresh);
    expect(withKind({ refId: 'B' }, 'classic_conditions', ['A'])).toEqual({ refId: 'B', type: 'classic_conditions', conditions: [fresh] });
  });
  test.each([
    ['within_range', [0, 0]],
    ['lt', [0]],
    ['no_value', []],
  ])('%s takes as many numbers as it needs', (comparison, params) => expect(withView(fresh, { comparison })).toEqual({ ...fresh, evaluator: { type: comparison, params } }));
  test('numbers stay where another comparison takes them', () => {
    const range = withView(withView(fresh, { params: [5] }), { comparison: 'outside_range' });
    expect(withView(withView(range, { params: [5, 9] }), { comparison: 'gt' })).toMatchObject({ evaluator: { params: [5] } });
  });
  test('what else a condition of a file holds stays', () => {
    const filed = { ...fresh, query: { params: ['A', '5m', 'now'], model: {} }, operator: { type: 'logic-or' }, reducer: { type: 'percent_diff', params: [] } };
    expect(viewOf(filed)).toEqual({ query: 'A', reducer: 'percent_diff', comparison: 'gt', params: [0], operator: 'or' });
    expect(withView(filed, { query: 'C' })).toMatchObject({ query: { params: ['C', '5m', 'now'], model: {} } });
  });
  test('the queries to choose from are the others', () => expect(expressionSpecs({ type: 'classic_conditions' }, ['A', 'C'])[0]).toMatchObject({ kind: 'conditions', choices: [['A', 'A'], ['C', 'C']] }));
});
