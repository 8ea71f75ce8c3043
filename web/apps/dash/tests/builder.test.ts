import { builderToText, textToBuilder, type BuilderQuery } from '@narthex/promql-tree';
import { beforeEach, describe, expect, test } from 'vitest';

import { CHOICES, hintFor, moved, removed, replaced, withOperation } from '../src/edit/builder/operations';
import { modeOf, rememberMode, standardMode } from '../src/edit/mode';

function built(text: string): BuilderQuery {
  const { query, fault } = textToBuilder(text);
  if (!query) throw new Error(fault);
  return query;
}

describe('operations', () => {
  test.each([
    ['x', 'rate', 'rate(x[$__rate_interval])'],
    ['sum(x)', 'rate', 'sum(rate(x[$__rate_interval]))'],
    ['rate(x[5m])', 'max_over_time', 'max_over_time(rate(x[5m])[$__rate_interval:])'],
    ['x', 'topk', 'topk(5, x)'],
    ['x', 'histogram_quantile', 'histogram_quantile(0.95, x)'],
    ['x', 'number', 'x * 100'],
    ['x', 'query', 'x / {}'],
  ])('to %s, %s is added', (text, id, want) => expect(builderToText(withOperation(built(text), id))).toBe(want));

  test('every choice can be added to a metric', () => {
    for (const { value } of CHOICES) expect(withOperation(built('x'), value).operations, value).toHaveLength(1);
  });

  test('they are moved, removed, replaced', () => {
    const query = built('ceil(sum(rate(x[5m])))');
    expect(builderToText(moved(query, 1, 1))).toBe('sum(ceil(rate(x[5m])))');
    expect(builderToText(removed(query, 0))).toBe('ceil(sum(x))');
    expect(builderToText(replaced(query, 2, { kind: 'scalar', op: '/', value: '60', isBool: false, isLeft: false }))).toBe('sum(rate(x[5m])) / 60');
  });

  test.each([
    ['x_total', 'counter', 'rate(x_total[$__rate_interval])'],
    ['x_bucket', 'histogram', 'histogram_quantile(0.95, sum by (le) (rate(x_bucket[$__rate_interval])))'],
    ['x', 'histogram', 'histogram_quantile(0.95, sum(rate(x[$__rate_interval])))'],
    ['x_sum', 'histogram', 'rate(x_sum[$__rate_interval])'],
  ])('%s of type %s has a hint', (text, type, want) => {
    const query = built(text);
    const hint = hintFor(query, type);
    expect(hint && builderToText(hint.apply(query))).toBe(want);
  });
  test.each([
    ['x', 'gauge'],
    ['rate(x_total[5m])', 'counter'],
  ])('%s of type %s needs none', (text, type) => expect(hintFor(built(text), type)).toBeUndefined());
});

describe('the editor of a query', () => {
  const source = { uid: 'p', name: 'p', type: 'prometheus', isDefault: true, jsonData: { defaultEditor: 'builder' } };
  beforeEach(() => window.localStorage.clear());
  test.each([
    [{ editorMode: 'builder', expr: 'up' }, 'builder'],
    [{ editorMode: 'code', expr: '' }, 'code'],
    [{ expr: 'up' }, 'code'],
    [{ expr: '' }, 'builder'],
    [{ editorMode: 'other' }, 'builder'],
  ])('%o is shown as %s', (target, want) => expect(modeOf(target, source)).toBe(want));
  test('what was chosen last is the start of the next', () => {
    expect(standardMode(undefined)).toBe('builder');
    rememberMode('code');
    expect(standardMode(undefined)).toBe('code');
  });
});
