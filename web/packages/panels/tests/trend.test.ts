import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { expect, test } from 'vitest';

import { trendFrame } from '../src/timeseries/trend';

const field = (name: string, values: unknown[], type = FieldType.number): Field => ({ name, type, config: {}, values });
const frame = (...fields: Field[]): DataFrame => ({ fields, length: fields[0]?.values.length ?? 0 });
const shape = (found: DataFrame | string) => (typeof found === 'string' ? found : found.fields.map(({ name, values }) => [name, values]));

const RPM = field('rpm', [10, 20, 30]);
const POWER = field('power', [1, 4, 9]);
const TORQUE = field('torque', [5, 6, 4]);
const LABEL = field('gear', ['a', 'b', 'c'], FieldType.string);

test('runs along the first numbers, or along the field that is named', () => {
  expect(shape(trendFrame([frame(LABEL, RPM, POWER, TORQUE)], ''))).toEqual([['rpm', RPM.values], ['power', POWER.values], ['torque', TORQUE.values]]);
  expect(shape(trendFrame([frame(LABEL, TORQUE, RPM, POWER)], 'rpm'))).toEqual([['rpm', RPM.values], ['torque', TORQUE.values], ['power', POWER.values]]);
  // Renamed by the panel.
  const renamed = { ...RPM, config: { displayName: 'Speed' } };
  expect(shape(trendFrame([frame(TORQUE, renamed)], 'Speed'))).toEqual([['rpm', RPM.values], ['torque', TORQUE.values]]);
});

test('each series knows where it came from, for its legend', () => {
  const found = trendFrame([frame(LABEL), frame(LABEL, TORQUE, RPM)], 'rpm');
  expect(typeof found === 'string' ? found : found.fields[1]?.state?.origin).toEqual({ frameIndex: 1, fieldIndex: 1 });
});

test('several frames are joined by their numbers', () => {
  const found = trendFrame([frame(RPM, POWER), frame(field('rpm', [20, 40]), field('noise', [7, 8]))], 'rpm');
  expect(typeof found === 'string' ? found : found.fields.map(({ values }) => values)).toEqual([[10, 20, 30, 40], [1, 4, 9, undefined], [undefined, 7, undefined, 8]]);
});

test.each<[string, DataFrame[], string]>([
  ['numbers out of order', [frame(field('rpm', [10, 30, 20]), POWER)], 'The values of rpm must be in ascending order.'],
  ['a number twice', [frame(field('rpm', [10, 10, 20]), POWER)], 'The values of rpm must be in ascending order.'],
  ['a number missing', [frame(field('rpm', [10, null, 20]), POWER)], 'The values of rpm must be in ascending order.'],
  ['one field of numbers', [frame(LABEL, RPM)], 'The answer holds no two fields of numbers to set against each other.'],
  ['nothing', [], 'The answer holds no two fields of numbers to set against each other.'],
])('%s: says so', (_name, frames, told) => {
  expect(trendFrame(frames, '')).toBe(told);
});
