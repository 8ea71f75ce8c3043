import { createTheme, FieldType, getFieldDisplayName, reduceField, type DataFrame, type Field, type FieldConfigSource } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { applyFieldConfig, refill } from '../src';

const frames = (values: number[]): DataFrame[] => [
  {
    length: values.length,
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map((_, index) => index), config: {} },
      { name: 'Value', type: FieldType.number, values, config: {}, labels: { job: 'a' } },
    ],
  },
];
const apply = (input: DataFrame[], fieldConfig: FieldConfigSource): DataFrame[] =>
  applyFieldConfig({ frames: input, fieldConfig, theme: createTheme(), timeZone: 'utc', replaceVariables: (text) => text });

const PALETTE: FieldConfigSource = { defaults: { unit: 'percent', color: { mode: 'palette-classic' } }, overrides: [] };

test('new values get the configuration that the old ones had, as if it had been applied anew', () => {
  const fieldConfig = { ...PALETTE, overrides: [{ matcher: { id: 'byName', options: 'Value' }, properties: [{ id: 'custom.lineWidth', value: 4 }] }] };
  const before = apply(frames([1, 2]), fieldConfig);
  const next = frames([5, 6, 7]);
  const filled = refill(before, next, fieldConfig);
  const applied = apply(next, fieldConfig);
  // Not the place in the range of all values: what reads that is not refilled.
  const shown = (field: Field) => ({ ...field.display?.(5), percent: 0 });
  const told = (all: DataFrame[] | undefined) =>
    all?.map((frame) => [frame.length, frame.fields.map((field) => [field.name, field.type, field.values, field.config, getFieldDisplayName(field, frame, all), shown(field)])]);
  expect(told(filled)).toEqual(told(applied));
});

test('sums and last values are those of the new ones', () => {
  const before = apply(frames([1, 2]), PALETTE);
  const calcs = (all: DataFrame[] | undefined) => all?.map(({ fields }) => fields.slice(1).map((field) => reduceField({ field, reducers: ['sum', 'last', 'max'] })));
  expect(calcs(before)?.[0]?.[0]).toMatchObject({ sum: 3, last: 2, max: 2 });
  expect(calcs(refill(before, frames([5, 6, 7]), PALETTE))?.[0]?.[0]).toMatchObject({ sum: 18, last: 7, max: 7 });
});

describe('what follows from the values is applied anew', () => {
  test.each<[string, FieldConfigSource]>([
    ['colours by threshold', { defaults: { color: { mode: 'thresholds' } }, overrides: [] }],
    ['a continuous scheme', { defaults: { color: { mode: 'continuous-GrYlRd' } }, overrides: [] }],
    ['thresholds in percent', { defaults: { color: { mode: 'fixed' }, thresholds: { mode: 'percentage', steps: [{ value: -Infinity, color: 'red' }] } }, overrides: [] } as FieldConfigSource],
    ['links', { defaults: { ...PALETTE.defaults, links: [{ title: 'a', url: '/a' }] }, overrides: [] }],
    ['the range of each field', { defaults: { ...PALETTE.defaults, fieldMinMax: true }, overrides: [] }],
    ['overrides by value', { ...PALETTE, overrides: [{ matcher: { id: 'byValue', options: { reducer: 'last', op: '>', value: 1 } }, properties: [] }] }],
  ])('%s', (_name, fieldConfig) => {
    expect(refill(apply(frames([1]), fieldConfig), frames([2]), fieldConfig)).toBeUndefined();
  });
});

test('frames of another number are not those of before', () => {
  expect(refill(apply(frames([1]), PALETTE), [...frames([1]), ...frames([2])], PALETTE)).toBeUndefined();
});
