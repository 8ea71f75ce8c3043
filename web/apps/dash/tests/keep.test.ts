// What was chosen while looking at a dashboard, kept with it; and values in sight made filters.
import { variableFromJson } from '@narthex/runner';
import { describe, expect, test } from 'vitest';

import { withFilter } from '../src/dashboard/useFilterFor';
import { withTime, withVariables } from '../src/edit/keep';

const list = [
  { name: 'job', type: 'query', current: { text: 'a', value: 'a' } },
  { name: 'many', type: 'custom', multi: true, current: { text: ['x'], value: ['x'] } },
  { name: 'Filters', type: 'adhoc', filters: [{ key: 'env', operator: '=', value: 'prod' }] },
  { name: 'fixed', type: 'constant', query: '7' },
];
const dashboard = { title: 'd', templating: { list }, time: { from: 'now-1h', to: 'now' } };
const inForce = list.map(variableFromJson);

describe('values', () => {
  test('that are in the file already change nothing', () => expect(withVariables(dashboard, inForce)).toBe(dashboard));
  test('of variables and filters', () => {
    const changed = inForce.map((one) => {
      if (one.name === 'many') return { ...one, value: ['x', 'y'], text: ['X', 'Y'] };
      return one.name === 'Filters' ? { ...one, filters: [...one.filters, { key: 'job', op: '=|', values: ['a', 'b'] }] } : one;
    });
    const { templating } = withVariables(dashboard, changed) as typeof dashboard;
    expect(templating.list[0]).toBe(list[0]);
    expect(templating.list[1]).toMatchObject({ current: { text: ['X', 'Y'], value: ['x', 'y'] } });
    expect(templating.list[2]).toMatchObject({ filters: [{ key: 'env', operator: '=', value: 'prod' }, { key: 'job', operator: '=|', value: 'a', values: ['a', 'b'] }] });
    // Read again they are what was in force.
    expect(templating.list.map(variableFromJson).map(({ filters }) => filters)).toEqual(changed.map(({ filters }) => filters));
  });
});

test('the time range', () => {
  expect(withTime(dashboard, { from: 'now-1h', to: 'now' })).toBe(dashboard);
  expect(withTime(dashboard, { from: 'now-6h', to: 'now' })).toMatchObject({ time: { from: 'now-6h' } });
});

describe('a value made a filter', () => {
  const env = { key: 'env', op: '=', values: ['prod'] };
  test.each([
    ['beside others', { key: 'job', op: '!=', values: ['a'] }, [env, { key: 'job', op: '!=', values: ['a'] }]],
    ['once', env, [env]],
    ['the other way round', { ...env, op: '!=' }, [{ ...env, op: '!=' }]],
  ])('%s', (_name, filter, want) => expect(withFilter([env], filter)).toEqual(want));
});
