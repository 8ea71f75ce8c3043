// Details of time series: gaps by length, values at points, annotations in lanes and clusters, keys. PANEL-timeseries, NAV-2.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { nearest, nextHeight } from '../src/plot/chart_keys';
import { PLAIN_MARKS, readMarkStyle } from '../src/plot/mark_style';
import type { PanelMark } from '../src/props';
import { withGaps } from '../src/timeseries/align';
import { headsOf, lanesOf } from '../src/timeseries/marks';
import { chartColumns, spanned } from '../src/timeseries/stack';
import { labelsApart, type Placed } from '../src/timeseries/value_labels';

const time = (...values: number[]): Field => ({ name: 'time', type: FieldType.time, config: {}, values });
const numbers = (values: unknown[], custom: object = {}): Field => ({ name: 'v', type: FieldType.number, config: { custom }, values });
const frame = (...fields: Field[]): DataFrame => ({ fields, length: fields[0]?.values.length ?? 0 });
const columns = ({ fields }: DataFrame) => fields.map(({ values }) => values);

describe('gaps', () => {
  test('of no more than the length that the panel sets are bridged: undefined does not break a line', () => {
    const times = [0, 10, 20, 30, 40, 50];
    expect(spanned([1, null, 3, null, null, 6], times, 20)).toEqual([1, undefined, 3, null, null, 6]);
    expect(spanned([1, null, 3, null, null, 6], times, 30)).toEqual([1, undefined, 3, undefined, undefined, 6]);
    // Nothing before the first or after the last to connect with.
    expect(spanned([null, 1, null], times, 100)).toEqual([null, 1, null]);
    expect(chartColumns(frame(time(0, 10, 20), numbers([1, null, 3], { spanNulls: 20 })), [])).toEqual([[0, 10, 20], [1, undefined, 3]]);
    expect(chartColumns(frame(time(0, 10, 20), numbers([1, null, 3], { spanNulls: true })), [])).toEqual([[0, 10, 20], [1, null, 3]]);
  });

  test('points further apart than the panel says are not connected', () => {
    expect(columns(withGaps(frame(time(0, 10, 100, 110), numbers([1, 2, 3, 4], { insertNulls: 50 }))))).toEqual([[0, 10, 60, 100, 110], [1, 2, null, 3, 4]]);
    expect(columns(withGaps(frame(time(0, 10, 100), numbers([1, 2, 3], { insertNulls: false }))))).toEqual([[0, 10, 100], [1, 2, 3]]);
  });
});

describe('values at points', () => {
  const point = (text: string, x: number, y: number, side: Placed['side'] = 'above'): Placed => ({ text, x, y, side });
  const width = (text: string): number => text.length * 6;
  test('stand above, below where they are negative, and leave out what would cover the one before', () => {
    const labels = labelsApart([point('11', 0, 50), point('22', 10, 50), point('-3', 20, 50, 'below'), point('44', 40, 50)], width, 10, 4);
    expect(labels).toEqual([{ text: '11', x: 0, y: 41 }, { text: '-3', x: 20, y: 59 }, { text: '44', x: 40, y: 41 }]);
  });
  test('beside their points where time runs down', () => expect(labelsApart([point('11', 50, 0, 'right'), point('-2', 50, 20, 'left')], width, 10, 4)).toEqual([{ text: '11', x: 60, y: 0 }, { text: '-2', x: 40, y: 20 }]));
});

describe('annotations', () => {
  const mark = (fromMs: number, lane: string, toMs = fromMs): PanelMark => ({ fromMs, toMs, lane, title: lane, text: '', tags: [], color: 'red' });
  const style = { ...PLAIN_MARKS, hasLanes: true };
  test('a lane for each annotation that the dashboard asks for', () => {
    const marks = [mark(0, 'deploys'), mark(5, 'alerts'), mark(7, 'deploys')];
    expect(lanesOf(marks, style)).toEqual(['deploys', 'alerts']);
    expect(headsOf(marks, (ms) => ms, style).map(({ lane }) => lane)).toEqual([0, 1, 0]);
    expect(lanesOf(marks, PLAIN_MARKS)).toEqual(['']);
  });
  test('clustered, heads that would touch are one', () => {
    const marks = [mark(0, 'a'), mark(8, 'a'), mark(17, 'a'), mark(40, 'a', 50), mark(55, 'a')];
    const shape = (clustered: boolean) => headsOf(marks, (ms) => ms, { ...PLAIN_MARKS, isClustered: clustered }, 5).map((head) => [head.from, head.to, head.marks.length]);
    expect(shape(true)).toEqual([[0, 17, 3], [40, 55, 2]]);
    expect(shape(false)).toEqual([[0, 0, 1], [8, 8, 1], [17, 17, 1], [40, 50, 1], [55, 55, 1]]);
  });
  test('and only within their lane', () => {
    const heads = headsOf([mark(0, 'a'), mark(1, 'b'), mark(2, 'a')], (ms) => ms, { ...style, isClustered: true }, 5);
    expect(heads.map(({ lane, marks }) => [lane, marks.length])).toEqual([[0, 2], [1, 1]]);
  });
  test.each([
    [{}, PLAIN_MARKS],
    [{ annotations: { lines: { width: 3 }, regions: { opacity: 40 }, multiLane: true, clustering: 1 } }, { linePx: 3, bandOpacity: 0.4, hasLanes: true, isClustered: true }],
    [{ annotations: { lines: { width: 0 }, regions: { opacity: 0.5 }, clustering: 0 } }, { linePx: 0, bandOpacity: 0.5, hasLanes: false, isClustered: false }],
    [{ annotations: { lines: { width: -2 }, regions: { opacity: 700 } } }, { ...PLAIN_MARKS, linePx: 0, bandOpacity: 1 }],
  ])('as the panel draws them: %j', (options, want) => expect(readMarkStyle(options)).toEqual(want));
});

describe('keys', () => {
  test('go on from the nearest point', () => expect([nearest([10, 20, 40], 29), nearest([10, 20, 40], 31), nearest([], 5)]).toEqual([1, 2, 0]));
  test.each([
    ['up to the next series', [10, 40, 90], 60, -1, 40],
    ['down to the next series', [10, 40, 90], 60, 1, 90],
    ['no further than the last', [10, 40, 90], 90, 1, 90],
    ['by steps where there is one series', [40], 60, -1, 48],
    ['and where there is none', [], 60, 1, 72],
  ] as const)('%s', (_name, heights, top, sign, want) => expect(nextHeight(heights, top, sign)).toBe(want));
});
