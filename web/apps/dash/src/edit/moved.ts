// A list with one of its members at another place. Pure.

/** Beyond an end, it stays at that end. */
export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(Math.max(0, from + by), 0, one);
  return next;
}

/** Where in the list the box that is dragged goes: `middles` are those of all boxes, and `y` is where the pointer is. */
export const dropPlace = (middles: readonly number[], from: number, y: number): number => middles.filter((middle, at) => at !== from && middle < y).length;
