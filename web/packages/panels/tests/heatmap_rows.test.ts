// Where the rows of a heatmap lie, and what is told of a cell. PANEL-heatmap.
import { describe, expect, test } from 'vitest';

import type { HeatmapData } from '../src/heatmap/cells';
import { endsOf, placeOf, rowAt, rowsOf } from '../src/heatmap/rows';
import { rowsNear } from '../src/heatmap/tooltip';

const data = (bounds: string[], more: Partial<HeatmapData> = {}): HeatmapData => ({ timesMs: [1000], stepMs: 1000, bounds, values: bounds.map(() => [1]), min: 0, max: 1, ...more });
const scaled = (type: string, more: object = {}) => ({ rowsFrame: { yBucketScale: { type, ...more } } });

describe('rows at even distances', () => {
  test.each([
    ['bounds of a histogram stand at the upper end', ['1', '2', '+Inf'], {}, 'upper'],
    ['names that are no numbers in the middle', ['small', 'large'], {}, 'middle'],
    ['as the panel says: lower', ['1', '2'], { rowsFrame: { layout: 'ge' } }, 'lower'],
    ['as the panel says: upper', ['small', 'large'], { rowsFrame: { layout: 'le' } }, 'upper'],
    ['as the panel says: neither', ['1', '2'], { rowsFrame: { layout: 'unknown' } }, 'middle'],
    ['names cannot lie on a scale', ['small', 'large'], scaled('linear'), 'middle'],
    ['nor can bounds out of order', ['2', '1'], scaled('linear'), 'upper'],
  ])('%s', (_name, bounds, options, labels) => expect(rowsOf(data(bounds), options)).toEqual({ kind: 'even', labels }));

  test('a row reaches from its place to the next', () => {
    const rows = rowsOf(data(['1', '10']), {});
    expect([endsOf(rows, 0), endsOf(rows, 1)]).toEqual([[0, 1], [1, 2]]);
    expect([rowAt(rows, 1.7, 2), rowAt(rows, 2.1, 2), rowAt(rows, -0.1, 2)]).toEqual([1, undefined, undefined]);
    expect([placeOf(rows, 0.5, ['1', '10']), placeOf(rows, 5, ['1', '10']), placeOf(rows, 11, ['1', '10']), placeOf(rows, 11, ['1', '+Inf'])]).toEqual([0.5, 1.5, undefined, 1.5]);
  });
});

describe('rows on a scale of numbers', () => {
  test.each([
    ['buckets of a histogram begin at nothing', ['1', '2', '5'], scaled('linear'), { kind: 'linear', edges: [0, 1, 2, 5] }],
    ['and end as far out as they are wide', ['1', '2', '5', '+Inf'], scaled('linear'), { kind: 'linear', edges: [0, 1, 2, 5, 8] }],
    ['a logarithm goes on by the factor', ['1', '10', '100', '+Inf'], scaled('log', { log: 10 }), { kind: 'log', log: 10, edges: [0.1, 1, 10, 100, 1000] }],
    ['below zero', ['-10', '0', '10'], scaled('symlog'), { kind: 'symlog', edges: [-20, -10, 0, 10] }],
  ])('%s', (_name, bounds, options, want) => expect(rowsOf(data(bounds), options)).toMatchObject(want));

  test('counted cells lie on what they were counted on', () => {
    expect(rowsOf(data(['5', '10'], { lowest: '0', scale: { type: 'linear' } }), {})).toMatchObject({ kind: 'linear', edges: [0, 5, 10], min: 0, max: 10 });
    expect(rowsOf(data(['2', '4'], { lowest: '1', scale: { type: 'log', log: 2 } }), {})).toMatchObject({ kind: 'log', log: 2, edges: [1, 2, 4] });
  });

  test('a logarithm of nothing is none', () => expect(rowsOf(data(['0', '1']), scaled('log')).kind).toBe('even'));

  test('the panel sets the ends of the axis', () => {
    expect(rowsOf(data(['1', '2', '5']), { ...scaled('linear'), yAxis: { min: 1, max: 10 } })).toMatchObject({ min: 1, max: 10 });
    expect(rowsOf(data(['1', '2', '5']), { ...scaled('linear'), yAxis: { min: 10, max: 1 } }).kind).toBe('even');
  });

  test('a place of the axis belongs to the row around it', () => {
    const rows = rowsOf(data(['1', '2', '5']), scaled('linear'));
    expect([endsOf(rows, 2), rowAt(rows, 4.9, 3), rowAt(rows, 5, 3), rowAt(rows, -1, 3), placeOf(rows, 3, [])]).toEqual([[2, 5], 2, undefined, undefined, 3]);
  });
});

test('of a time, the rows nearest the cursor that hold something are told, the highest first', () => {
  const values = Array.from({ length: 30 }, (_, row) => [row % 2]);
  const near = rowsNear(data(values.map((_, row) => String(row + 1)), { values }), 0, 14);
  expect(near).toEqual([23, 21, 19, 17, 15, 14, 13, 11, 9, 7, 5]);
});
