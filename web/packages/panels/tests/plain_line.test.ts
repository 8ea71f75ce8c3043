// The quick outline of a plain line is uPlot's own, point for point.
import uPlot from 'uplot';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { plainLine } from '../src/timeseries/plain_line';

class Path {
  points: [number, number][] = [];
  constructor(from?: Path) {
    this.points = [...(from?.points ?? [])];
  }
  lineTo(x: number, y: number): void {
    this.points.push([x, y]);
  }
}

beforeEach(() => vi.stubGlobal('Path2D', Path));
afterEach(() => vi.unstubAllGlobals());

interface Given {
  values?: (number | null | undefined)[];
  scale?: object;
  across?: object;
  series?: object;
  bands?: object[];
  width?: number;
}

const COUNT = 50;
const TIMES = Array.from({ length: COUNT }, (_, at) => 1_700_000_000_000 + at * 1000);
const VALUES = TIMES.map((_, at) => Math.sin(at) * 10 + at / 7);

function chart({ values = VALUES, scale = {}, across = {}, series = {}, bands = [], width = 300 }: Given): uPlot {
  const up = { min: -11, max: 20, ori: 1, dir: 1, distr: 1, key: 'y', ...scale };
  const along = { min: TIMES[0], max: TIMES.at(-1), ori: 0, dir: 1, distr: 1, key: 'x', ...across };
  return {
    mode: 1,
    bands,
    data: [TIMES, values],
    bbox: { left: 40, top: 8, width, height: 120 },
    scales: { x: along, y: up },
    series: [{ scale: 'x' }, { scale: 'y', pxAlign: 1, pxRound: Math.round, fill: () => null, fillTo: () => 0, gaps: (_u: uPlot, _at: number, _from: number, _to: number, gaps: unknown) => gaps, spanGaps: false, ...series }],
    // Within uPlot, and not declared.
    _data: [TIMES, values],
    valToPosH: (value: number, { min, max }: { min: number; max: number }, extent: number, start: number) => start + extent * ((value - min) / (max - min)),
    valToPosV: (value: number, { min, max }: { min: number; max: number }, extent: number, start: number) => start + extent * (1 - (value - min) / (max - min)),
  } as unknown as uPlot;
}

/** Whether the general way was taken, and the points. */
function drawn(given: Given): { isGeneral: boolean; paths: uPlot.Series.Paths | null } {
  const general = vi.fn<() => uPlot.Series.Paths>(() => ({ stroke: null }));
  const paths = plainLine(general)(chart(given), 1, 0, COUNT - 1);
  return { isGeneral: general.mock.calls.length > 0, paths };
}

const pointsOf = (paths: uPlot.Series.Paths | null): [number, number][] => (paths?.stroke instanceof Path ? paths.stroke.points : []);

test.each<[string, Given]>([
  ['whole pixels', {}],
  ['parts of pixels', { series: { pxAlign: 0, pxRound: (place: number) => place } }],
  ['values out of the axis', { scale: { min: 0, max: 5 } }],
  ['times out of the axis', { across: { min: TIMES[10], max: TIMES[20] } }],
])('goes where uPlot goes: %s', (_name, given) => {
  const { isGeneral, paths } = drawn(given);
  expect(isGeneral).toBe(false);
  const expected = uPlot.paths.linear?.()(chart(given), 1, 0, COUNT - 1) ?? null;
  expect(pointsOf(paths)).toHaveLength(COUNT);
  expect(pointsOf(paths)).toEqual(pointsOf(expected));
  expect(paths).toMatchObject({ clip: expected?.clip, band: expected?.band, gaps: expected?.gaps, flags: expected?.flags });
});

test('between pixels where the series asks for it', () => {
  const [, second] = pointsOf(drawn({ series: { pxAlign: 0 } }).paths);
  expect(second?.[0]).toBeCloseTo(40 + 300 / 49, 10);
});

test('places are not taken from another chart', () => {
  const wide = pointsOf(drawn({ width: 600 }).paths);
  const narrow = pointsOf(drawn({ width: 300 }).paths);
  expect(wide.at(-1)?.[0]).toBe(640);
  expect(narrow.at(-1)?.[0]).toBe(340);
  const later = pointsOf(drawn({ width: 300, across: { min: TIMES[10] } }).paths);
  expect(later[10]?.[0]).toBe(40);
});

test.each<[string, Given]>([
  ['a point is missing', { values: VALUES.map((value, at) => (at === 7 ? null : value)) }],
  ['a step is missing', { values: VALUES.map((value, at) => (at === 7 ? undefined : value)) }],
  ['the axis is logarithmic', { scale: { distr: 3 } }],
  ['the axis is symmetric', { scale: { distr: 4 } }],
  ['the axis is turned round', { scale: { dir: -1 } }],
  ['the axis lies', { scale: { ori: 0 } }],
  ['time runs backwards', { across: { dir: -1 } }],
  ['the axis has no extent', { scale: { min: 3, max: 3 } }],
  ['the axis has no range', { scale: { min: null, max: null } }],
  ['there is something between lines', { bands: [{ series: [1, 2] }] }],
  ['there are more points than pixels show', { width: 12 }],
])('leaves it to the general way where %s', (_name, given) => {
  expect(drawn(given).isGeneral).toBe(true);
});
