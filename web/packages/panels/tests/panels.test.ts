import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { arcPath, fitCircle, shareOf, thresholdBands } from '../src/gauge/arc';
import { colorIndex, heatmapData } from '../src/heatmap/cells';
import { paletteColors } from '../src/heatmap/palette';
import { alignFrames, withGaps } from '../src/timeseries/align';
import { chartColumns, stackGroups } from '../src/timeseries/stack';

type Values = Array<number | null>;

function series(times: number[], values: Values, custom: Record<string, unknown> = {}, stepMs?: number): DataFrame {
  return toDataFrame({
    fields: [
      { name: 'Time', type: FieldType.time, values: times, config: stepMs ? { interval: stepMs } : {} },
      { name: 'Value', type: FieldType.number, values, config: { custom } },
    ],
  });
}

const columnsOf = (frame: DataFrame | undefined) => frame?.fields.map(({ values }) => [...values]);

describe('alignFrames', () => {
  test('the same times are shared', () => {
    const frame = alignFrames([series([1, 2], [10, 20]), series([1, 2], [30, 40])]);
    expect(columnsOf(frame)).toEqual([[1, 2], [10, 20], [30, 40]]);
    expect(frame?.fields[2]?.state?.origin).toEqual({ frameIndex: 1, fieldIndex: 1 });
  });
  test('different times are joined', () => {
    const frame = alignFrames([series([1, 2], [10, 20]), series([2, 3], [30, 40])]);
    expect(columnsOf(frame)).toEqual([[1, 2, 3], [10, 20, undefined], [undefined, 30, 40]]);
    expect(frame?.fields[2]?.state?.origin).toEqual({ frameIndex: 1, fieldIndex: 1 });
  });
  test('a missed step breaks the line', () => {
    expect(columnsOf(withGaps(series([0, 10, 40, 50], [1, 2, 3, 4], {}, 10)))).toEqual([[0, 10, 20, 40, 50], [1, 2, null, 3, 4]]);
  });
  test('nothing over time', () => expect(alignFrames([])).toBeUndefined());
});

describe('stacking', () => {
  const stack = (mode: string, columns: Values[]) => {
    const times = columns[0]?.map((_, index) => index) ?? [];
    const frame = alignFrames(columns.map((values) => series(times, values, { stacking: { mode, group: 'A' } })));
    return frame && chartColumns(frame, stackGroups(frame)).slice(1);
  };
  test.each<[string, string, Values[], Values[]]>([
    ['none', 'none', [[1, 2], [3, 4]], [[1, 2], [3, 4]]],
    ['normal', 'normal', [[1, 2], [3, 4]], [[1, 2], [4, 6]]],
    ['percent', 'percent', [[1, 0], [3, 0]], [[0.25, 0], [1, 0]]],
    ['a hole in one series', 'normal', [[1, null], [3, 4]], [[1, 0], [4, 4]]],
    ['a hole in all', 'normal', [[1, null], [3, null]], [[1, null], [4, null]]],
    ['negative ones grow down', 'normal', [[1, 2], [-3, -4], [-1, -1]], [[1, 2], [-3, -4], [-4, -5]]],
  ])('%s', (_name, mode, columns, want) => expect(stack(mode, columns)).toEqual(want));

  test('a series whose group is false stands by itself', () => {
    const frame = alignFrames([series([0], [9], { stacking: { mode: 'normal', group: false } }), series([0], [1], { stacking: { mode: 'normal', group: 'A' } }), series([0], [2], { stacking: { mode: 'normal', group: 'A' } })]);
    expect(frame && chartColumns(frame, stackGroups(frame)).slice(1)).toEqual([[9], [1], [3]]);
  });

  test('what is no number is no point, alone or in a stack', () => {
    const frame = alignFrames([series([0, 1, 2], [NaN, Infinity, 1], {}), series([0, 1, 2], [1, NaN, 2], { stacking: { mode: 'normal' } }), series([0, 1, 2], [3, 4, null], { stacking: { mode: 'normal' } })]);
    expect(frame && chartColumns(frame, stackGroups(frame)).slice(1)).toEqual([[null, null, 1], [1, 0, 2], [4, 4, 2]]);
  });

  test('a hidden series is not part of the stack', () => {
    const stacking = { mode: 'normal', group: 'A' };
    const frame = alignFrames([
      series([0], [1], { stacking, hideFrom: { viz: true } }),
      series([0], [2], { stacking }),
      series([0], [4], { stacking }),
    ]);
    expect(frame && chartColumns(frame, stackGroups(frame)).slice(1)).toEqual([[1], [2], [6]]);
  });
  test('negative-Y turns a series upside down', () => {
    const frame = alignFrames([series([0], [2], { transform: 'negative-Y' })]);
    expect(frame && chartColumns(frame, stackGroups(frame))).toEqual([[0], [-2]]);
  });
});

describe('gauge', () => {
  test.each([
    [5, 0, 10, 0.5],
    [-1, 0, 10, 0],
    [11, 0, 10, 1],
    [NaN, 0, 10, 0],
    [1, 3, 3, 0],
  ])('%d in %d to %d', (value, min, max, want) => expect(shareOf(value, min, max)).toBe(want));
  test('no arc for no share', () => expect(arcPath({ x: 0, y: 0, radius: 1 }, 0.5, 0.5)).toBe(''));
  test('the circle fits the box', () => {
    const { x, y, radius } = fitCircle(200, 90);
    expect([x, radius]).toEqual([100, 60]);
    expect(y - radius).toBeGreaterThanOrEqual(0);
    expect(y + radius / 2).toBeLessThanOrEqual(90);
  });
  test('bands of absolute and relative thresholds', () => {
    const steps = [
      { value: -Infinity, color: 'green' },
      { value: 20, color: 'orange' },
      { value: 500, color: 'red' },
    ];
    expect(thresholdBands(steps, false, 0, 40)).toEqual([
      { from: 0, to: 0.5, color: 'green' },
      { from: 0.5, to: 1, color: 'orange' },
    ]);
    expect(thresholdBands(steps.slice(0, 2), true, 0, 40)).toEqual([
      { from: 0, to: 0.2, color: 'green' },
      { from: 0.2, to: 1, color: 'orange' },
    ]);
  });
});

describe('heatmap', () => {
  const frame = toDataFrame({
    fields: [
      { name: 'Time', type: FieldType.time, values: [0, 10, 20] },
      { name: '0.1', type: FieldType.number, values: [0, 2, null], labels: { le: '0.1' } },
      { name: '+Inf', type: FieldType.number, values: [5, 0, 1], labels: { le: '+Inf' } },
    ],
  });
  test('cells, bounds, step and the range of what is drawn', () => {
    expect(heatmapData([frame])).toEqual({
      timesMs: [0, 10, 20],
      stepMs: 10,
      fields: frame.fields.slice(1),
      bounds: ['0.1', '+Inf'],
      values: [[0, 2, 0], [5, 0, 1]],
      min: 1,
      max: 5,
    });
  });
  test('no frame over time', () => expect(heatmapData([])).toBeUndefined());
  test.each([
    [0, -1],
    [1, 0],
    [3, 2],
    [5, 3],
    [9, 3],
    [NaN, -1],
  ])('colour of %d', (value, want) => expect(colorIndex(value, 1, 5, 4)).toBe(want));
  test('one value has the strongest colour', () => expect(colorIndex(2, 2, 2, 4)).toBe(3));

  const options = { mode: 'scheme', scheme: 'Blues', fill: 'red', exponent: 0.5, steps: 5, isReversed: false, isDark: false };
  test('a pale scale is turned round on a dark page', () => {
    const light = paletteColors(options);
    expect(light).toHaveLength(5);
    expect(paletteColors({ ...options, isDark: true })).toEqual(light.toReversed());
    expect(paletteColors({ ...options, isReversed: true })).toEqual(light.toReversed());
  });
  test('opacity grows from faint to full', () => {
    const colors = paletteColors({ ...options, mode: 'opacity', steps: 2 });
    expect(colors).toEqual(['color-mix(in srgb, red 4.0%, transparent)', 'color-mix(in srgb, red 100.0%, transparent)']);
  });
});
