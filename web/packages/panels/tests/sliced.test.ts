// Charts of many series, drawn aside: what is painted, and within what.
import type uPlot from 'uplot';
import { afterEach, expect, test, vi } from 'vitest';

import { SlicedSeries } from '../src/timeseries/sliced';

class Path {
  constructor(readonly name = '') {}
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The calls of a canvas, by the names of their paths; what a clip holds for ends with `restore`. */
function recorder(): { calls: string[]; context: object } {
  const made: string[] = [];
  const told = (call: string) => (path?: Path) => void made.push(path instanceof Path ? `${call} ${path.name}` : call);
  const context = { save: told('save'), restore: told('restore'), clip: told('clip'), fill: told('fill'), stroke: told('stroke'), beginPath() {}, rect() {}, setLineDash() {} };
  return { calls: made, context };
}

function chart(count: number, bands: unknown[], shown: readonly number[]) {
  const made: number[] = [];
  const series = Array.from({ length: count }, (_, at) => ({
    getConfig: () => ({
      paths: () => {
        made.push(at + 1);
        return { fill: new Path(`area ${at + 1}`), stroke: new Path(`line ${at + 1}`), band: new Path(`above ${at + 1}`) };
      },
      points: { show: false },
    }),
  }));
  const sliced = new SlicedSeries({ getSeries: () => series } as never);
  for (const one of series) one.getConfig();
  const plot = {
    series: [{}, ...series.map((_, at) => ({ show: shown.includes(at + 1), width: 1, _fill: 'red', _stroke: 'red', points: {} }))],
    data: [[0, 1], ...series.map(() => [1, 2])],
    bbox: { left: 0, top: 0, width: 100, height: 50 },
    scales: {},
    ctx: { canvas: { width: 100, height: 50 }, drawImage() {} },
    bands,
    redraw() {},
  };
  return { draw: () => sliced.draw(plot as unknown as uPlot), made };
}

function calls(count: number, bands: unknown[], shown: readonly number[]) {
  vi.stubGlobal('Path2D', Path);
  const { calls: told, context } = recorder();
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  const { draw, made } = chart(count, bands, shown);
  draw();
  return { fills: told.filter((call) => /^(fill|clip|stroke) /.test(call)), made };
}

test('the fill of a stacked series keeps above the one below', () => {
  const { fills, made } = calls(3, [{ series: [2, 1], dir: -1 }, { series: [3, 2], dir: -1 }], [1, 2, 3]);
  expect(fills).toEqual(['fill area 1', 'stroke line 1', 'clip above 1', 'fill area 2', 'stroke line 2', 'clip above 2', 'fill area 3', 'stroke line 3']);
  // The outline of each serves twice and is made once.
  expect(made).toEqual([1, 2, 3]);
});

test('a series that is not shown bounds nothing', () => {
  expect(calls(2, [{ series: [2, 1], dir: -1 }], [2]).fills).toEqual(['fill area 2', 'stroke line 2']);
});
