// Axes of bar charts, histograms and timelines, and what their tooltips tell.
import { createTheme, FieldType, toDataFrame, type Field } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { barExtent, categoriesOf } from '../src/barchart/bars';
import { axisLook, axisRoom } from '../src/barchart/ValueAxis';
import { buildHistogramConfig } from '../src/histogram/config';
import { orderedByValue } from '../src/plot/tooltip_order';
import type { Row } from '../src/timeline/spans';
import { axisWidthOf, rowName, statesToTell } from '../src/timeline/told';

const theme = createTheme();
const field = (custom: Record<string, unknown>, values: number[] = [1, 2]): Field => ({ name: 'v', type: FieldType.number, values, config: { custom, color: { mode: 'fixed', fixedColor: '#ff0000' } } });
const LABELS = ['0', '1000'];

describe('the axis of bars', () => {
  test('is at the left, with a grid', () => expect(axisLook(field({}), theme)).toEqual({ placement: 'left', title: '', widthPx: undefined, hasGrid: true, hasBorder: false, color: theme.colors.text.primary }));
  test('as it is asked for', () => {
    const custom = { axisPlacement: 'right', axisLabel: 'Requests', axisWidth: 80, axisGridShow: false, axisBorderShow: true, axisColorMode: 'series' };
    expect(axisLook(field(custom), theme)).toEqual({ placement: 'right', title: 'Requests', widthPx: 80, hasGrid: false, hasBorder: true, color: '#ff0000' });
  });
  test.each([
    [{ axisWidth: 80 }, { left: 80, right: 12, bottom: 0 }],
    [{ axisWidth: 80, axisLabel: 'x' }, { left: 96, right: 12, bottom: 0 }],
    [{ axisWidth: 80, axisPlacement: 'right' }, { left: 8, right: 80, bottom: 0 }],
    [{ axisPlacement: 'hidden' }, { left: 8, right: 12, bottom: 0 }],
  ])('of %j the room is %j', (custom, want) => expect(axisRoom(axisLook(field(custom), theme), false, LABELS)).toEqual(want));
  test('lies below lying bars', () => expect(axisRoom(axisLook(field({ axisLabel: 'x' }), theme), true, LABELS)).toEqual({ left: 0, right: 12, bottom: 36 }));
  test('has zero in its middle where asked', () => {
    const frame = toDataFrame({ fields: [{ name: 'c', type: FieldType.string, values: ['a', 'b'] }, field({ axisCenteredZero: true }, [4, -1])] });
    const categories = categoriesOf([frame], '', '');
    expect(categories && barExtent(categories, 'none', 4)).toEqual({ min: -4, max: 4 });
  });
});

test('the axis of a histogram is that of its first counts', () => {
  const buckets = (custom: Record<string, unknown>) => ({ xMin: field({}), xMax: field({}), counts: [field(custom)] });
  const axisOf = (custom: Record<string, unknown>) => buildHistogramConfig(() => buckets(custom), theme).getConfig().axes?.[1];
  expect(axisOf({})).toMatchObject({ side: 3 });
  expect(axisOf({ axisPlacement: 'right', axisLabel: 'Count', axisGridShow: false })).toMatchObject({ side: 1, label: 'Count', grid: { show: false } });
});

test.each([
  ['none', false, [3, 0, 1]],
  ['asc', false, [0, 1, 3]],
  ['desc', true, [3, 1]],
] as const)('rows of a tooltip in the order %s, without zeros: %s', (sort, hideZeros, want) => expect(orderedByValue([3, 0, 1], (one) => one, { sort, hideZeros })).toEqual(want));

describe('a timeline', () => {
  const row = (custom: Record<string, unknown>, ...spans: Array<[from: number, to: number, value: string]>): Row => ({
    field: field(custom),
    frame: toDataFrame({ fields: [] }),
    spans: spans.map(([fromMs, toMs, value]) => ({ fromMs, toMs, value })),
  });
  const rows = [row({}, [0, 10, 'a'], [10, 20, 'b']), row({}, [0, 5, 'c'], [12, 20, 'd']), row({ hideFrom: { tooltip: true } }, [0, 20, 'e'])];
  const [own] = rows;
  const told = (timeMs: number, isMulti: boolean): unknown[] => {
    const span = own?.spans.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs);
    return own && span ? statesToTell(rows, { row: own, span, timeMs }, isMulti).map(({ span: { value }, isActive }) => [value, isActive]) : [];
  };
  test('tells one state', () => expect(told(3, false)).toEqual([['a', false]]));
  test('tells those of all rows at one time', () => {
    expect(told(3, true)).toEqual([['a', true], ['c', false]]);
    expect(told(11, true)).toEqual([['b', true]]);
    expect(told(15, true)).toEqual([['b', true], ['d', false]]);
  });
  test('hides names of rows, or gives them a width', () => {
    expect([rowName(row({ axisPlacement: 'hidden' }), 'n'), rowName(row({}), 'n')]).toEqual(['', 'n']);
    expect([axisWidthOf(rows), axisWidthOf([row({ axisWidth: 60 }), row({ axisWidth: 90 })])]).toEqual([undefined, 90]);
  });
});
