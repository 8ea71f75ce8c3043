import { describe, expect, test } from 'vitest';

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
