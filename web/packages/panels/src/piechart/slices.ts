// Shares of a whole as slices of a circle. Pure.

export interface SliceInput {
  label: string;
  value: number;
  color: string;
}

export interface Slice extends SliceInput {
  share: number;
  /** In turns clockwise from the top, as radians. */
  from: number;
  to: number;
  path: string;
  /** Where a label stands, relative to the centre. */
  at: { x: number; y: number };
}

export type SliceSort = 'asc' | 'desc' | 'none';

export function sortSlices<T extends { value: number }>(inputs: readonly T[], sort: SliceSort): T[] {
  if (sort === 'none') return [...inputs];
  const sign = sort === 'asc' ? 1 : -1;
  return inputs.toSorted((a, b) => sign * (a.value - b.value));
}

const point = (radius: number, turn: number): string =>
  `${(radius * Math.sin(turn)).toFixed(2)} ${(-radius * Math.cos(turn)).toFixed(2)}`;

/** Around the centre (0, 0), clockwise from the top; `inner` is the radius of the hole. */
export function slicePath(from: number, to: number, outer: number, inner: number): string {
  const isWhole = to - from >= Math.PI * 2 - 1e-9;
  // An arc that ends where it starts is none: a whole circle takes two halves.
  if (isWhole) return `${slicePath(from, from + Math.PI, outer, inner)}${slicePath(from + Math.PI, from + Math.PI * 2 - 1e-8, outer, inner)}`;
  const isLarge = to - from > Math.PI ? 1 : 0;
  const outerArc = `M${point(outer, from)}A${outer} ${outer} 0 ${isLarge} 1 ${point(outer, to)}`;
  if (inner <= 0) return `${outerArc}L0 0Z`;
  return `${outerArc}L${point(inner, to)}A${inner} ${inner} 0 ${isLarge} 0 ${point(inner, from)}Z`;
}

/** Negative values and what is no number have no slice. */
export function slicesOf(inputs: readonly SliceInput[], outer: number, inner: number): Slice[] {
  const drawn = inputs.filter(({ value }) => value > 0);
  const total = drawn.reduce((sum, { value }) => sum + value, 0);
  let turn = 0;
  return drawn.map((input) => {
    const share = input.value / total;
    const from = turn;
    turn += share * Math.PI * 2;
    const middle = (from + turn) / 2;
    const radius = inner > 0 ? (outer + inner) / 2 : outer * 0.66;
    return {
      ...input,
      share,
      from,
      to: turn,
      path: slicePath(from, turn, outer, inner),
      at: { x: radius * Math.sin(middle), y: -radius * Math.cos(middle) },
    };
  });
}
