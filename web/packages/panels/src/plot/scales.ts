// From values to places and back to round numbers for an axis. Pure.
import { TIME_STEPS_MS } from '../timeseries/time_steps';

export interface Extent {
  min: number;
  max: number;
}

/** Room for the lowest and highest of the values; 0 to 1 for none, a little room around a single one. */
export function extentOf(values: Iterable<number | null | undefined>, fixed: { min?: number | null | undefined; max?: number | null | undefined } = {}): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value == null || !Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (max < min) [min, max] = [0, 1];
  if (min === max) [min, max] = min === 0 ? [0, 1] : [min - Math.abs(min) / 2, max + Math.abs(max) / 2];
  return { min: fixed.min ?? min, max: fixed.max ?? max };
}

/** A step of 1, 2 or 5 times a power of ten, so that about `count` of them fill the range. */
export function niceStep(range: number, count: number): number {
  if (!(range > 0)) return 1;
  const rough = range / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return factor * power;
}

/** The extent widened to whole steps, zero included where the values come near it. */
export function niceExtent({ min, max }: Extent, count: number, includesZero: boolean): Extent {
  const low = includesZero ? Math.min(0, min) : min;
  const high = includesZero ? Math.max(0, max) : max;
  const step = niceStep(high - low, count);
  return { min: Math.floor(low / step) * step, max: Math.ceil(high / step) * step };
}

export function ticks({ min, max }: Extent, count: number): number[] {
  const step = niceStep(max - min, count);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Times of an axis `widthPx` wide, apart enough for their labels. */
export function timeTicks({ min, max }: Extent, widthPx: number, labelPx = 80): number[] {
  const least = ((max - min) * labelPx) / Math.max(1, widthPx);
  const step = TIME_STEPS_MS.find((one) => one >= least) ?? Math.max(1, max - min);
  const first = Math.ceil(min / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((max - first) / step) + 1) }, (_, index) => first + index * step);
}

export type Scale = (value: number) => number;

export function linear({ min, max }: Extent, fromPx: number, toPx: number): Scale {
  const width = max - min || 1;
  return (value) => fromPx + ((value - min) / width) * (toPx - fromPx);
}
