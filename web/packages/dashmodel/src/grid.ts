// Moving things about on a grid without overlaps: what is pushed goes down, what can goes up. Pure.
import type { GridPos } from './types';

export interface GridItem extends GridPos {
  id: number;
}

export const GRID_COLUMNS = 24;
const HEIGHT_MIN = 2;
const WIDTH_MIN = 2;

const sharesColumns = (a: GridPos, b: GridPos): boolean => a.x < b.x + b.w && b.x < a.x + a.w;
const overlap = (a: GridPos, b: GridPos): boolean => sharesColumns(a, b) && a.y < b.y + b.h && b.y < a.y + a.h;
const bottomOf = ({ y, h }: GridPos): number => y + h;

/** Below what is in its way, then as far up as it goes: from edge to edge, however far these are apart. */
function placed(item: GridItem, others: readonly GridItem[]): GridItem {
  const column = others.filter((other) => sharesColumns(item, other));
  const bottoms = column.map(bottomOf).toSorted((a, b) => a - b);
  const wanted = Math.max(0, item.y);
  const isFree = (y: number): boolean => !column.some((other) => overlap({ ...item, y }, other));
  const y = [wanted, ...bottoms.filter((bottom) => bottom > wanted)].find(isFree) ?? wanted;
  return { ...item, y: Math.max(0, ...bottoms.filter((bottom) => bottom <= y)) };
}

/** Everything as far up as it goes, in reading order; of two at the same height the one moved stands first. */
export function settle(items: readonly GridItem[], movedId?: number): GridItem[] {
  const sorted = items.toSorted((a, b) => a.y - b.y || Number(b.id === movedId) - Number(a.id === movedId) || a.x - b.x);
  const done: GridItem[] = [];
  for (const item of sorted) done.push(placed(item, done));
  return items.map(({ id }) => done.find((one) => one.id === id)).filter((one): one is GridItem => one !== undefined);
}

/** The same box inside the grid, never smaller than a panel may be. */
export function inside({ x, y, w, h }: GridPos): GridPos {
  const width = Math.min(GRID_COLUMNS, Math.max(WIDTH_MIN, Math.round(w)));
  return {
    w: width,
    h: Math.max(HEIGHT_MIN, Math.round(h)),
    x: Math.min(GRID_COLUMNS - width, Math.max(0, Math.round(x))),
    y: Math.max(0, Math.round(y)),
  };
}

export function moveItem(items: readonly GridItem[], id: number, to: GridPos): GridItem[] {
  return settle(items.map((item) => (item.id === id ? { id, ...inside(to) } : item)), id);
}

/** The first free place, in reading order, for a box of this size below nothing it must not cover. */
export function freePlace(items: readonly GridPos[], w: number, h: number): GridPos {
  // A place that is free, and not free one row higher, is at the top or under the edge of something.
  const tops = [...new Set([0, ...items.map(bottomOf)])].toSorted((a, b) => a - b);
  for (const y of tops) {
    for (let x = 0; x + w <= GRID_COLUMNS; x += 1) {
      const box = { x, y, w, h };
      // A hole between panels is filled only where the whole box fits.
      if (!items.some((item) => overlap(box, item))) return box;
    }
  }
  return { x: 0, y: tops.at(-1) ?? 0, w, h };
}
