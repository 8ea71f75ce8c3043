// Point series: which fields, how large, which one is at the cursor. PANEL-xychart.
import { createTheme, FieldType, type DataFrame, type Field } from '@grafana/data';
import { describe, expect, test, vi } from 'vitest';

import { selectedSpans } from '../src/plot/drag_zoom';
import { xyColumns } from '../src/xy/config';
import { looksOf, pointAt } from '../src/xy/points';
import { xySeries, type XYSeries } from '../src/xy/series';

const theme = createTheme();
const field = (name: string, values: unknown[], config: Field['config'] = {}, type = FieldType.number): Field => ({ name, type, config, values });
const frame = (...fields: Field[]): DataFrame => ({ fields, length: fields[0]?.values.length ?? 0 });

const HEAT = field('heat', [10, 20, 30]);
const FLOW = field('flow', [1, 2, 3]);
const LOAD = field('load', [0, 50, 100]);
const names = (all: readonly XYSeries[]) => all.map(({ x, y, size, color }) => [x.name, y.name, size?.name, color?.name]);
const byName = (options: string) => ({ matcher: { id: 'byName', options } });

describe('series', () => {
  test('a field that gives the size or the colour is no height as well', () => {
    expect(names(xySeries([frame(HEAT, FLOW, LOAD)], { mapping: 'auto', series: [{ size: byName('load') }] }))).toEqual([['heat', 'flow', undefined, undefined], ['heat', 'load', undefined, undefined]]);
    expect(names(xySeries([frame(HEAT, FLOW, LOAD)], { mapping: 'manual', series: [{ size: byName('load'), color: byName('load') }] }))).toEqual([['heat', 'flow', 'load', 'load']]);
    expect(names(xySeries([frame(HEAT, LOAD)], { mapping: 'manual', series: [{ color: byName('load') }] }))).toEqual([['heat', 'load', undefined, 'load']]);
  });

  test('any matcher finds a field, and a frame goes by its index, its name or its query', () => {
    const series = (one: object) => names(xySeries([{ ...frame(HEAT, FLOW), refId: 'A' }, { ...frame(LOAD, HEAT), name: 'second', refId: 'B' }], { mapping: 'manual', series: [one] }));
    expect(series({ frame: { matcher: { id: 'byIndex', options: 1 } }, y: { matcher: { id: 'byRegexp', options: '/^he/' } } })).toEqual([['load', 'heat', undefined, undefined]]);
    expect(series({ frame: { matcher: { id: 'byName', options: 'second' } } })).toEqual([['load', 'heat', undefined, undefined]]);
    expect(series({ frame: { matcher: { id: 'byRefId', options: 'A' } }, x: byName('flow') })).toEqual([['flow', 'heat', undefined, undefined]]);
  });
});

describe('looks', () => {
  const looks = (custom: object, more: Partial<XYSeries> = {}) => looksOf({ frame: frame(HEAT, FLOW), x: HEAT, y: { ...FLOW, config: { custom } }, size: undefined, color: undefined, name: '', ...more }, theme);

  test('sizes run from the least to the most over the values of their field', () => {
    const { sizeAt } = looks({ pointSize: { min: 4, max: 24 } }, { size: LOAD });
    expect([0, 1, 2].map(sizeAt)).toEqual([4, 14, 24]);
    const bounded = looks({ pointSize: { min: 0, max: 10 } }, { size: { ...LOAD, config: { min: 0, max: 50 } } });
    expect([0, 1, 2].map(bounded.sizeAt)).toEqual([0, 10, 10]);
    expect(looks({ pointSize: { fixed: 9 } }).sizeAt(1)).toBe(9);
    // As files of before wrote it.
    expect(looks({ pointSize: 7 }).sizeAt(0)).toBe(7);
  });

  test('a colour of each point by its field', () => {
    const display = (value: unknown) => ({ text: String(value), numeric: Number(value), color: Number(value) > 50 ? 'red' : 'green' });
    const { colorAt } = looks({}, { color: { ...LOAD, display } });
    expect([0, 1, 2].map(colorAt)).toEqual(['green', 'green', 'red']);
  });

  test('lines, points, shapes, dashes', () => {
    expect(looks({ show: 'lines', lineWidth: 3, lineStyle: { fill: 'dash', dash: [4, 2] } })).toMatchObject({ hasLine: true, hasPoints: false, linePx: 3, dashPx: [4, 2] });
    expect(looks({ show: 'points+lines', pointShape: 'square', fillOpacity: 20, pointStrokeWidth: 0 })).toMatchObject({ hasLine: true, hasPoints: true, isSquare: true, fillOpacity: 0.2, strokePx: 0 });
    expect(looks({ lineStyle: { fill: 'solid', dash: [4, 2] } }).dashPx).toEqual([]);
  });
});

test('what is no number has no place on the chart', () => {
  expect(xyColumns([{ frame: frame(HEAT), x: field('x', [1, null, Infinity]), y: field('y', [Number.NaN, 2, 3]), size: undefined, color: undefined, name: '' }])).toEqual([null, [[1, null, null], [null, 2, 3]]]);
});

describe('the point at the cursor', () => {
  const placed = (xs: Array<number | null>, ys: Array<number | null>, reach: number) => ({ xs, ys, placeX: (value: number) => value, placeY: (value: number) => 100 - value, reachAt: () => reach });

  test('is the nearest of all series that reaches it', () => {
    const all = [placed([10, 50, null], [90, 50, 50], 12), placed([55], [48], 12)];
    expect(pointAt(all, 12, 11)).toEqual({ series: 0, index: 0 });
    expect(pointAt(all, 53, 51)).toEqual({ series: 1, index: 0 });
    expect(pointAt(all, 30, 30)).toBeUndefined();
  });

  test('of points at one place is the one drawn last', () => expect(pointAt([placed([10], [10], 5), placed([10], [10], 5)], 10, 90)).toEqual({ series: 1, index: 0 }));
});

test('a drag selects a span of every scale, whichever way it runs', () => {
  const posToVal = vi.fn((px: number, key: string) => (key === 'x' ? px / 10 : (key === 'log' ? 1000 : 100) - px));
  const scales = { x: { ori: 0 as const }, rpm: { ori: 1 as const }, log: { ori: 1 as const } };
  const dragged = { left: 20, top: 30, width: 40, height: 10 };
  expect([...(selectedSpans({ select: { show: true, ...dragged }, scales, posToVal }) ?? [])]).toEqual([['x', { min: 2, max: 6 }], ['rpm', { min: 60, max: 70 }], ['log', { min: 960, max: 970 }]]);
  expect(selectedSpans({ select: { show: true, ...dragged, width: 3 }, scales, posToVal })).toBeUndefined();
});
