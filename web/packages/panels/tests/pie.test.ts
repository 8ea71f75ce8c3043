// Labels, legend and hidden parts of a pie.
import { createTheme, FieldColorModeId, type FieldDisplay } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { placeLabels, type PlacedLabel } from '../src/piechart/labels';
import { labelLines, partsOf } from '../src/piechart/parts';
import { slicesOf } from '../src/piechart/slices';

const PIE = { outer: 100, inner: 0, width: 500, height: 216 };
const slices = (values: readonly number[], inner = 0) => slicesOf(values.map((value, index) => ({ label: String(index), value, color: '#f00' })), PIE.outer, inner);
const place = (values: readonly number[], line: string, more = {}): Array<PlacedLabel | undefined> => placeLabels(slices(values), { ...PIE, ...more }, () => [line]);

describe('labels of slices', () => {
  test('stand within where they fit', () => expect(place([50, 50], 'half').map((label) => label?.isInside)).toEqual([true, true]));
  test('are written smaller before they leave', () => {
    const [short, long] = [place([50, 50], 'half')[0], place([50, 50], 'a long name')[0]];
    expect(long?.isInside).toBe(true);
    expect(long?.fontPx).toBeLessThan(short?.fontPx ?? 0);
  });
  test('stand beside a slice that is too thin, on its side', () => {
    const label = place([100, 10, 300], 'a label as long')[1];
    expect(label).toMatchObject({ isInside: false });
    expect(label?.x).toBeGreaterThan(PIE.outer);
  });
  test('are left out where there is no room beside', () => expect(place([90, 10, 300], 'a label as long as this', { width: 216 })[1]).toBeUndefined());
  test('of many thin slices do not touch each other', () => {
    const thin = place([400, ...Array.from({ length: 40 }, () => 2)], 'a label as long as this').filter((label) => label && !label.isInside);
    expect(thin.length).toBeGreaterThan(2);
    expect(thin.length).toBeLessThan(20);
    const boxes = thin.flatMap((label) => (label ? [{ top: label.y - 6, bottom: label.y + 6, isRight: label.x > 0 }] : []));
    for (const a of boxes) for (const b of boxes) if (a !== b && a.isRight === b.isRight) expect(a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5).toBe(true);
  });
  test('fit a ring as well', () => {
    const ring = placeLabels(slices([50, 50], 60), { ...PIE, inner: 60 }, () => ['50%']);
    expect(ring.map((label) => label?.isInside)).toEqual([true, true]);
  });
  test('none are asked for', () => expect(placeLabels(slices([1, 2]), PIE, () => [])).toEqual([undefined, undefined]));
});

describe('parts of a pie', () => {
  const theme = createTheme();
  const value = (title: string, numeric: number, custom = {}, color = FieldColorModeId.PaletteClassic): FieldDisplay => ({ name: title, field: { custom, color: { mode: color } }, display: { title, text: String(numeric), numeric, color: '#123456' }, hasLinks: false });
  test('keep their colours, whatever is hidden and sorted', () => {
    const parts = partsOf([value('a', 1), value('b', 3, { hideFrom: { viz: true } }), value('c', 2)], 'desc', theme);
    expect(parts.map(({ label, isHidden }) => [label, isHidden])).toEqual([['b', true], ['c', false], ['a', false]]);
    const unsorted = partsOf([value('a', 1), value('b', 3), value('c', 2)], 'none', theme);
    expect(new Map(parts.map(({ label, color }) => [label, color]))).toEqual(new Map(unsorted.map(({ label, color }) => [label, color])));
  });
  test('may be left out of the legend, and have a fixed colour', () => {
    const [part] = partsOf([value('a', 1, { hideFrom: { legend: true } }, FieldColorModeId.Fixed)], 'desc', theme);
    expect(part).toMatchObject({ isInLegend: false, color: '#123456' });
  });
  test.each([
    [['name'], ['a']],
    [['percent', 'value'], ['1', '25%']],
    [[], []],
  ])('lines of the label for %j', (shown, want) => expect(labelLines({ label: 'a', value: 1, text: '1', color: '', isHidden: false, isInLegend: true }, 0.25, shown)).toEqual(want));
});
