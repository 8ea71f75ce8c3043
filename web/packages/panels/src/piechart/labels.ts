// Where the labels of slices stand: within them where they fit, beside them where there is room, else nowhere. Pure.
import { widthPx } from '../plot/label_width';
import type { Slice } from './slices';

export interface PlacedLabel {
  lines: readonly string[];
  /** The middle of the label, from the centre of the pie. */
  x: number;
  y: number;
  fontPx: number;
  isInside: boolean;
}

export interface PieBox {
  outer: number;
  inner: number;
  /** Of all that may be drawn on, with the pie in its middle. */
  width: number;
  height: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const FONT_MAX_PX = 18;
const FONT_MIN_PX = 9;
const LINE_SHARE = 1.2;
const GAP_PX = 6;
// Nearer to an edge than this a letter would touch it.
const EDGE_PX = 2;

const widthOf = (lines: readonly string[], fontPx: number): number => Math.max(...lines.map((line) => widthPx(line, fontPx)));

function boxAt(x: number, y: number, lines: readonly string[], fontPx: number): Box {
  const width = widthOf(lines, fontPx);
  const height = lines.length * fontPx * LINE_SHARE;
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

/** Clockwise from the top, between 0 and a whole turn. */
const turnOf = (x: number, y: number): number => (Math.atan2(x, -y) + Math.PI * 2) % (Math.PI * 2);

function holds({ from, to }: Slice, { outer, inner }: PieBox, { left, right, top, bottom }: Box): boolean {
  const xs = [left, (left + right) / 2, right];
  const ys = [top, (top + bottom) / 2, bottom];
  return xs.every((x) =>
    ys.every((y) => {
      const radius = Math.hypot(x, y);
      if (radius > outer - EDGE_PX || radius < inner + (inner > 0 ? EDGE_PX : 0)) return false;
      const turn = turnOf(x, y);
      return to - from >= Math.PI * 2 - 1e-6 || (turn >= from && turn <= to);
    }),
  );
}

function inside(slice: Slice, pie: PieBox, lines: readonly string[]): PlacedLabel | undefined {
  for (let fontPx = Math.min(FONT_MAX_PX, Math.max(FONT_MIN_PX, pie.outer / 8)); fontPx >= FONT_MIN_PX; fontPx -= 1) {
    if (holds(slice, pie, boxAt(slice.at.x, slice.at.y, lines, fontPx))) return { lines, ...slice.at, fontPx, isInside: true };
  }
  return undefined;
}

const touches = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function outside(slice: Slice, { outer, width, height }: PieBox, lines: readonly string[], taken: readonly Box[]): { label: PlacedLabel; box: Box } | undefined {
  const fontPx = FONT_MIN_PX + 2;
  const middle = (slice.from + slice.to) / 2;
  const [sin, cos] = [Math.sin(middle), -Math.cos(middle)];
  // As far out as keeps the box off the circle on the side it stands at.
  const x = sin * (outer + GAP_PX) + (Math.sign(sin) * widthOf(lines, fontPx)) / 2;
  const y = cos * (outer + GAP_PX) + cos * lines.length * fontPx * 0.5;
  const box = boxAt(x, y, lines, fontPx);
  const isWithin = box.left >= -width / 2 && box.right <= width / 2 && box.top >= -height / 2 && box.bottom <= height / 2;
  return isWithin && !taken.some((other) => touches(other, box)) ? { label: { lines, x, y, fontPx, isInside: false }, box } : undefined;
}

/** One for each slice, in their order; undefined where a label has no room. The largest slices come first to it. */
export function placeLabels(slices: readonly Slice[], pie: PieBox, linesOf: (index: number) => readonly string[]): Array<PlacedLabel | undefined> {
  const placed: Array<PlacedLabel | undefined> = slices.map(() => undefined);
  const taken: Box[] = [];
  const order = slices.map((_, index) => index).toSorted((a, b) => (slices[b]?.share ?? 0) - (slices[a]?.share ?? 0));
  for (const index of order) {
    const slice = slices[index];
    const lines = linesOf(index);
    if (!slice || lines.length === 0) continue;
    const found = inside(slice, pie, lines);
    const beside = found ? undefined : outside(slice, pie, lines, taken);
    if (beside) taken.push(beside.box);
    placed[index] = found ?? beside?.label;
  }
  return placed;
}
