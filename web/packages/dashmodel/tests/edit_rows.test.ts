import { describe, expect, test } from 'vitest';

import { foldRow, placePanel, removeRow, rowPanelCount, type AnyRecord } from '../src';

const panel = (id: number, x: number, y: number, w: number, h: number): AnyRecord => ({ id, type: 'stat', gridPos: { x, y, w, h } });
const row = (id: number, y: number, more: AnyRecord = {}): AnyRecord => ({ id, type: 'row', collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 }, ...more });
const OPEN: AnyRecord = { panels: [panel(1, 0, 0, 24, 3), row(2, 3), panel(3, 0, 4, 12, 5), panel(4, 12, 4, 12, 8), row(5, 12), panel(6, 0, 13, 24, 2)] };
const FOLDED: AnyRecord = { panels: [panel(1, 0, 0, 24, 3), row(2, 3, { collapsed: true, panels: [panel(3, 0, 4, 12, 5), panel(4, 12, 4, 12, 8)] }), row(5, 4), panel(6, 0, 5, 24, 2)] };

const panelsOf = (json: AnyRecord): AnyRecord[] => json['panels'] as AnyRecord[];
const places = (json: AnyRecord) => panelsOf(json).map(({ id, gridPos }) => [id, (gridPos as AnyRecord)['y']]);

describe('DASH-4: rows under edit', () => {
  test('a row that is folded takes its panels down to the next row, and what is below moves up', () => {
    expect(foldRow(OPEN, 2, true)).toEqual(FOLDED);
  });
  test('a row that is opened puts its panels below itself, and moves the rest down', () => {
    expect(foldRow(FOLDED, 2, false)).toEqual(OPEN);
  });
  test.each([[0], [40]])('wherever its panels were when it was folded (%i rows off)', (off) => {
    const far = { panels: panelsOf(FOLDED).map((one) => (one['id'] === 2 ? { ...one, panels: [panel(3, 0, off, 12, 5), panel(4, 12, off, 12, 8)] } : one)) };
    expect(foldRow(far, 2, false)).toEqual(OPEN);
  });
  test('an empty row is folded and opened, too', () => {
    const empty = { panels: [row(2, 0), row(5, 1), panel(6, 0, 2, 24, 2)] };
    expect(foldRow(foldRow(empty, 2, true), 2, false)).toEqual(empty);
  });
  test('what is so already is no change', () => {
    expect(foldRow(OPEN, 2, false)).toBe(OPEN);
    expect(foldRow(FOLDED, 2, true)).toBe(FOLDED);
    expect(foldRow(OPEN, 1, true)).toBe(OPEN);
  });
  test.each([['open', OPEN], ['folded', FOLDED]])('an %s row goes without its panels, or with them', (_name, dashboard) => {
    expect(places(removeRow(dashboard, 2, 'kept'))).toEqual([[1, 0], [3, 3], [4, 3], [5, 11], [6, 12]]);
    expect(places(removeRow(dashboard, 2, 'removed'))).toEqual([[1, 0], [5, 3], [6, 4]]);
    expect(rowPanelCount(dashboard, 2)).toBe(2);
  });
  test('a panel is moved within a folded row that is looked into', () => {
    const moved = panelsOf(placePanel(FOLDED, 4, { x: 0, y: 0, w: 12, h: 8 }));
    expect(moved.map(({ id }) => id)).toEqual([1, 2, 5, 6]);
    expect(places(moved[1] ?? {})).toEqual([[3, 8], [4, 0]]);
  });
});
