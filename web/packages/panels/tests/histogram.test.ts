import { FieldType, type Field } from '@grafana/data';
import { expect, test } from 'vitest';

import { histogramColumns } from '../src/histogram/config';

const counts = (name: string, mode: string, ...values: number[]): Field => ({ name, type: FieldType.number, config: { custom: { stacking: { mode, group: 'A' } } }, values });
const bounds = (name: string, ...values: number[]): Field => ({ name, type: FieldType.number, config: {}, values });

test.each([
  ['none', [[1, 2], [3, 6]]],
  ['normal', [[1, 2], [4, 8]]],
  ['percent', [[0.25, 0.25], [1, 1]]],
])('stacking %s', (mode, heights) => {
  const [lower, ...drawn] = histogramColumns({ xMin: bounds('xMin', 0, 10), xMax: bounds('xMax', 10, 20), counts: [counts('a', mode, 1, 2), counts('b', mode, 3, 6)] });
  expect(lower).toEqual([0, 10]);
  expect(drawn).toEqual(heights);
});
