import { DataFrameType, FieldType, type DataFrame } from '@grafana/data';
import { expect, test } from 'vitest';

import { heatmapData } from '../src/heatmap/cells';

type Cell = [timeMs: number, lower: number, upper: number, count: number];

function frame(cells: Cell[]): DataFrame {
  const column = (name: string, at: number) => ({ name, type: at === 0 ? FieldType.time : FieldType.number, config: at === 0 ? { interval: 1000 } : {}, values: cells.map((cell) => cell[at] ?? 0) });
  return { length: cells.length, meta: { type: DataFrameType.HeatmapCells }, fields: ['xMax', 'yMin', 'yMax', 'count', 'yLayout'].map(column) };
}

test('buckets of different times stand in the same rows', () => {
  const data = heatmapData([frame([[1000, 1, 2, 5], [1000, 4, 8, 7], [2000, 2, 4, 3], [3000, 8, 16, 1]])]);
  expect(data).toMatchObject({ timesMs: [1000, 2000, 3000], stepMs: 1000, lowest: '1', bounds: ['2', '4', '8', '16'], values: [[5, 0, 0], [0, 3, 0], [7, 0, 0], [0, 0, 1]], min: 1, max: 7 });
});

test('bounds that no bucket has are made up where the growth tells them', () => {
  const data = heatmapData([frame([[1000, 1, 2, 5], [1000, 16, 32, 7]])]);
  expect(data?.bounds).toEqual(['2', '4', '8', '16', '32']);
  expect(data?.values.map(([value]) => value)).toEqual([5, 0, 0, 0, 7]);
});

test('a bucket that was wide fills the rows of the narrow ones', () => {
  const half = Math.SQRT2;
  const data = heatmapData([frame([[1000, 1, half, 5], [1000, half, 2, 6], [2000, 1, 2, 9]])]);
  expect(data?.bounds).toHaveLength(2);
  expect(data?.values).toEqual([[5, 9], [6, 9]]);
});

test('below zero, around it, and beyond all bounds', () => {
  const data = heatmapData([frame([[1000, -8, -4, 1], [1000, -2, -1, 2], [1000, -1e-39, 1e-39, 3], [1000, 1, 2, 4], [1000, 8, Infinity, 5]])]);
  expect(data?.lowest).toBe('-8');
  expect(data?.bounds).toEqual(['-4', '-2', '-1', '-1e-39', '1e-39', '1', '2', '4', '8', '+Inf']);
  expect(data?.values.map(([value]) => value)).toEqual([1, 0, 2, 0, 3, 0, 4, 0, 0, 5]);
});

test('custom buckets, which grow by no factor, keep their gaps in one row', () => {
  const data = heatmapData([frame([[1000, 0, 1, 1], [1000, 1, 3, 2], [1000, 9, 10, 3]])]);
  expect(data?.bounds).toEqual(['1', '3', '9', '10']);
});

test('gaps of so many fine buckets that they would be most of the rows stay one row each', () => {
  const factor = 2 ** (1 / 256);
  const cells = Array.from({ length: 160 }, (_, at): Cell => [1000, factor ** (at * 150), factor ** (at * 150 + 1), 1]);
  expect(heatmapData([frame(cells)])?.bounds).toHaveLength(2 * 160 - 1);
  expect(heatmapData([frame(cells.slice(0, 10))])?.bounds).toHaveLength(9 * 150 + 1);
});

test('a frame without a cell is no heatmap', () => {
  expect(heatmapData([frame([])])).toBeUndefined();
});
