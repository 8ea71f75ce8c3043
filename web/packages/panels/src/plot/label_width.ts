// How wide a label is, and what of it fits: guessed from its letters, for a canvas asked for each would cost more. Pure.

export const FONT_PX = 12;

// Shares of the font's size, of the wide letters and of the others.
const WIDE_SHARE = 0.74;
const NARROW_SHARE = 0.58;

const emsOf = (label: string): number => [...label].reduce((sum, letter) => sum + (/[A-Z%@mw]/.test(letter) ? WIDE_SHARE : NARROW_SHARE), 0);

export const widthPx = (label: string, fontPx = FONT_PX): number => fontPx * emsOf(label);

/** Room for the widest of the labels. */
export function labelWidth(labels: readonly string[]): number {
  return Math.max(0, ...labels.map((label) => widthPx(label))) + 10;
}

/** As much of the label as fits, from its beginning. */
export function fitted(label: string, roomPx: number, fontPx = FONT_PX): string {
  if (widthPx(label, fontPx) <= roomPx) return label;
  let kept = label;
  while (kept.length > 1 && widthPx(`${kept}...`, fontPx) > roomPx) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}...`;
}

export interface FontBounds {
  min: number;
  max: number;
}

/** The largest font in which the label fits; where even the smallest is too large, as much of the label as fits. */
export function shrunk(label: string, roomPx: number, { min, max }: FontBounds): { label: string; fontPx: number } {
  const fontPx = Math.min(max, roomPx / Math.max(1, emsOf(label)));
  return fontPx >= min ? { label, fontPx } : { label: fitted(label, roomPx, min), fontPx: min };
}
