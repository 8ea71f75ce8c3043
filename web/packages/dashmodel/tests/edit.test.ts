import { describe, expect, test } from 'vitest';

import { addPanel, differences, duplicatePanel, findPanelJson, placePanel, removePanel, replacePanel, valueAt, withValue, type AnyRecord } from '../src';
import { freePlace, moveItem, settle } from '../src/grid';

const box = (id: number, x: number, y: number, w: number, h: number) => ({ id, x, y, w, h });
const dashboard: AnyRecord = {
  title: 'T',
  panels: [
    { id: 1, type: 'stat', gridPos: { x: 0, y: 0, w: 12, h: 4 } },
    { id: 2, type: 'row', collapsed: true, gridPos: { x: 0, y: 4, w: 24, h: 1 }, panels: [{ id: 3, gridPos: { x: 0, y: 5, w: 24, h: 4 } }] },
  ],
};
const places = (json: AnyRecord) => (json['panels'] as AnyRecord[]).map(({ id, gridPos }) => [id, ...Object.values(gridPos as AnyRecord)]);

describe('grid', () => {
  test('gaps close upwards and nothing overlaps', () => {
    expect(settle([box(1, 0, 3, 12, 4), box(2, 0, 20, 24, 2), box(3, 12, 0, 12, 3)])).toEqual([box(1, 0, 0, 12, 4), box(2, 0, 4, 24, 2), box(3, 12, 0, 12, 3)]);
  });
  test('what is in the way of the one moved goes down', () => {
    expect(moveItem([box(1, 0, 0, 12, 4), box(2, 0, 4, 12, 4)], 2, { x: 0, y: 0, w: 12, h: 4 })).toEqual([box(1, 0, 4, 12, 4), box(2, 0, 0, 12, 4)]);
  });
  test('nothing leaves the grid or shrinks away', () => {
    expect(moveItem([box(1, 0, 0, 12, 4)], 1, { x: 20, y: -5, w: 30, h: 0 })).toEqual([box(1, 0, 0, 24, 2)]);
  });
  test.each([
    [[], { x: 0, y: 0 }],
    [[box(1, 0, 0, 12, 4)], { x: 12, y: 0 }],
    [[box(1, 0, 0, 13, 4)], { x: 0, y: 4 }],
  ])('free place beside %j', (items, want) => expect(freePlace(items, 12, 8)).toMatchObject(want));
});

describe('edit', () => {
  test('a new panel has an id of its own, also against those in folded rows', () => {
    const made = addPanel(dashboard, { type: 'text' });
    expect(made.id).toBe(4);
    expect(findPanelJson(made.dashboard, 4)).toMatchObject({ type: 'text' });
    expect(dashboard['panels']).toHaveLength(2);
  });
  test('a copy stands beside where there is room', () => {
    expect(places(duplicatePanel(dashboard, 1).dashboard)).toEqual([[1, 0, 0, 12, 4], [2, 0, 4, 24, 1], [4, 12, 0, 12, 4]]);
  });
  test('what goes frees its place, and a row leaves its panels', () => {
    expect(places(removePanel(dashboard, 1))).toEqual([[2, 0, 0, 24, 1]]);
    expect(places(removePanel(dashboard, 2))).toEqual([[1, 0, 0, 12, 4], [3, 0, 4, 24, 4]]);
  });
  test('a panel in a folded row is replaced there', () => {
    const next = replacePanel(dashboard, 3, { type: 'gauge' });
    expect(findPanelJson(next, 3)).toEqual({ id: 3, type: 'gauge' });
  });
  test('placing moves on the grid', () => {
    expect(places(placePanel(dashboard, 1, { x: 12, y: 1, w: 6, h: 3 }))).toEqual([[1, 12, 0, 6, 3], [2, 0, 3, 24, 1]]);
  });
  test('values by path', () => {
    const set = withValue({ a: { b: 1, c: 2 } }, 'a.b', 3);
    expect(set).toEqual({ a: { b: 3, c: 2 } });
    expect(withValue(set, 'a.b', undefined)).toEqual({ a: { c: 2 } });
    expect(withValue({ a: [{ b: 1 }, 2] }, 'a.0.b', 3)).toEqual({ a: [{ b: 3 }, 2] });
    expect(withValue({ a: [1, 2] }, 'a.1', 3)).toEqual({ a: [1, 3] });
    expect([valueAt(set, 'a.b'), valueAt(set, 'a.x.y')]).toEqual([3, undefined]);
  });
});

test('differences name the place, panels by their id', () => {
  const after = replacePanel(dashboard, 1, { type: 'gauge', gridPos: { x: 0, y: 0, w: 12, h: 4 } });
  expect(differences({ ...dashboard, version: 1 }, { ...after, version: 2 })).toEqual([{ path: 'panels.#1.type', before: 'stat', after: 'gauge' }]);
});
