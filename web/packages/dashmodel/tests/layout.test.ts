import { describe, expect, test } from 'vitest';

import { buildSections, expandRepeats, fitPanels, loadDashboard, singleColumn, type AnyRecord } from '../src';
import { freePlace, settle } from '../src/grid';

const panelsOf = (panels: AnyRecord[]) => loadDashboard({ schemaVersion: 42, panels }).panels;
const at = (id: number, x: number, y: number, w = 12, h = 8): AnyRecord => ({ id, type: 'stat', gridPos: { x, y, w, h } });
const row = (id: number, y: number, more: AnyRecord = {}): AnyRecord => ({
  id,
  type: 'row',
  title: `row ${id}`,
  gridPos: { x: 0, y, w: 24, h: 1 },
  ...more,
});

describe('sections', () => {
  const panels = panelsOf([at(3, 12, 9), row(2, 8), at(1, 0, 0), at(4, 0, 9), row(5, 17, { collapsed: true, panels: [at(6, 0, 18)] })]);
  const sections = buildSections(panels);
  test('an open row owns the panels down to the next row', () => {
    expect(sections.map(({ row: heading, panels: placed }) => [heading?.id, placed.map(({ panel }) => panel.id)])).toEqual([
      [undefined, [1]],
      [2, [4, 3]],
      [5, [6]],
    ]);
  });
  test('positions are relative to the section', () => {
    expect(sections[1]?.panels.map(({ gridPos }) => gridPos.y)).toEqual([0, 0]);
    expect(sections[1]?.rowCount).toBe(8);
  });
  test('one column in reading order', () => {
    const section = sections[1];
    const column = section && singleColumn(section);
    expect(column?.panels.map(({ panel, gridPos }) => [panel.id, gridPos.y, gridPos.w])).toEqual([
      [4, 0, 24],
      [3, 8, 24],
    ]);
    expect(column?.rowCount).toBe(16);
  });
});

describe('repeats', () => {
  const values = (name: string) =>
    name === 'room' ? ['a', 'b', 'c'].map((value) => ({ text: value.toUpperCase(), value })) : undefined;
  test('side by side, and what is below moves down', () => {
    const out = expandRepeats(panelsOf([{ ...at(1, 0, 0), repeat: 'room', maxPerRow: 2 }, at(2, 0, 8)]), values);
    expect(out.map(({ key, gridPos: { x, y, w } }) => [key, x, y, w])).toEqual([
      ['1', 0, 0, 12],
      ['1-clone-1', 12, 0, 12],
      ['1-clone-2', 0, 8, 12],
      ['2', 0, 16, 12],
    ]);
    expect(out[1]?.bound).toEqual({ room: { text: 'B', value: 'b' } });
  });
  test('downwards', () => {
    const out = expandRepeats(panelsOf([{ ...at(1, 3, 0), repeat: 'room', repeatDirection: 'v' }]), values);
    expect(out.map(({ gridPos }) => [gridPos.x, gridPos.y])).toEqual([
      [3, 0],
      [3, 8],
      [3, 16],
    ]);
  });
  test('a row repeats with its panels', () => {
    const out = expandRepeats(panelsOf([row(1, 0, { repeat: 'room' }), at(2, 0, 1)]), values);
    expect(out.map(({ key, gridPos }) => [key, gridPos.y])).toEqual([
      ['1', 0],
      ['2', 1],
      ['1-clone-1', 9],
      ['2-row-1', 10],
      ['1-clone-2', 18],
      ['2-row-2', 19],
    ]);
    expect(out[3]?.bound['room']?.value).toBe('b');
  });
  test('an unknown variable changes nothing', () => {
    expect(expandRepeats(panelsOf([{ ...at(1, 0, 0), repeat: 'nosuch' }]), values)).toHaveLength(1);
  });
});

describe('numbers without bounds', () => {
  test('a panel far below comes up to the others at once', () => {
    expect(settle([{ id: 1, x: 0, y: 0, w: 12, h: 3 }, { id: 2, x: 6, y: 1e300, w: 12, h: 2 }])).toEqual([{ id: 1, x: 0, y: 0, w: 12, h: 3 }, { id: 2, x: 6, y: 3, w: 12, h: 2 }]);
    expect(freePlace([{ x: 0, y: 1e300, w: 24, h: 3 }], 12, 3)).toEqual({ x: 0, y: 0, w: 12, h: 3 });
  });
  test.each([
    [{ x: -3, y: -1, w: 0, h: 0 }, { x: 0, y: 0, w: 1, h: 1 }],
    [{ x: 30, y: 1e308, w: 99, h: 1e308 }, { x: 0, y: 100_000, w: 24, h: 1000 }],
    [{ x: 20, w: 12 }, { x: 12, y: 0, w: 12, h: 9 }],
    ['odd', { x: 0, y: 0, w: 12, h: 9 }],
  ])('%j is inside of the grid', (gridPos, want) => expect(loadDashboard({ schemaVersion: 42, panels: [{ id: 1, gridPos }] }).panels[0]?.gridPos).toEqual(want));
  test('ids that cannot be counted on are given anew', () => expect(loadDashboard({ schemaVersion: 42, panels: [{ id: 1e308 }, { id: 1e308 }, { id: 3 }] }).panels.map(({ id }) => id)).toEqual([4, 5, 3]));
  test('more copies in a row than the grid has columns', () => {
    const [panel] = loadDashboard({ schemaVersion: 42, panels: [{ id: 1, repeat: 'x', maxPerRow: 1000 }] }).panels;
    const values = Array.from({ length: 30 }, (_, index) => ({ text: String(index), value: String(index) }));
    const copies = expandRepeats(panel ? [panel] : [], () => values);
    expect(copies.every(({ gridPos }) => gridPos.w === 1)).toBe(true);
    expect(copies.at(-1)?.gridPos).toMatchObject({ x: 5, y: 9 });
  });
});

describe('panels fitted into a window', () => {
  const places = (panels: AnyRecord[], rows: number) => fitPanels(panelsOf(panels), rows).map(({ id, gridPos: { y, h } }) => [id, y, h]);
  test.each<[string, AnyRecord[], number, number[][]]>([
    ['half as high', [at(1, 0, 0, 12, 8), at(2, 0, 8, 12, 8)], 8, [[1, 0, 4], [2, 4, 4]]],
    ['higher', [at(1, 0, 0, 24, 5)], 20, [[1, 0, 20]]],
    ['without holes or overlaps where it does not come out even', [at(1, 0, 0, 24, 5), at(2, 0, 5, 24, 5), at(3, 0, 10, 24, 5)], 10, [[1, 0, 3], [2, 3, 4], [3, 7, 3]]],
    ['rows keep their height', [row(1, 0), at(2, 0, 1, 24, 19)], 10, [[1, 0, 1], [2, 1, 9]]],
    ['no panel vanishes', [at(1, 0, 0, 24, 1), at(2, 0, 1, 24, 99)], 10, [[1, 0, 1], [2, 0, 10]]],
    ['a window without room changes nothing', [at(1, 0, 0)], 0, [[1, 0, 8]]],
  ])('%s', (_name, panels, rows, want) => expect(places(panels, rows)).toEqual(want));
  test('of no panels there are none', () => expect(fitPanels([], 10)).toEqual([]));
});
