// Buckets out of values that come without any: how many fell where, and when. Pure.
import { FieldType, type DataFrame } from '@grafana/data';
import { number, record, text, type AnyRecord } from '@narthex/dashmodel/json';
import { parseDurationMs } from '@narthex/timeutil';

import { niceStep } from '../plot/scales';
import { TIME_STEPS_MS } from '../timeseries/time_steps';
import type { HeatmapData } from './cells';

interface Point {
  timeMs: number;
  value: number;
}

const COLUMN_COUNT = 30;
const BUCKET_COUNT = 15;
// More than the eye or the screen tells apart.
const BUCKETS_MAX = 200;

function pointsOf(frames: readonly DataFrame[]): Point[] {
  return frames.flatMap((frame) => {
    const time = frame.fields.find(({ type }) => type === FieldType.time);
    if (!time) return [];
    return frame.fields
      .filter(({ type }) => type === FieldType.number)
      .flatMap(({ values }) => values.flatMap((value: unknown, index: number) => (typeof value === 'number' && Number.isFinite(value) ? [{ timeMs: Number(time.values[index]), value }] : [])));
  });
}

function columnMs(options: AnyRecord, spanMs: number): number {
  const given = text(options['value']);
  if (options['mode'] === 'count') return Math.max(1, spanMs / Math.max(1, number(given, COLUMN_COUNT)));
  const size = parseDurationMs(given) ?? number(given);
  if (size) return size;
  return TIME_STEPS_MS.find((step) => step >= spanMs / COLUMN_COUNT) ?? spanMs;
}

/** Upper bounds, ascending, so that the lowest value lies in the first bucket and the highest in the last. */
export function bucketBounds(min: number, max: number, options: AnyRecord): number[] {
  const scale = record(options['scale']);
  const given = number(options['value']);
  if (scale['type'] === 'log' && min > 0) {
    const base = number(scale['log'], 2);
    const factor = base ** (1 / Math.max(1, given ?? 1));
    const bounds: number[] = [];
    let bound = factor ** Math.floor(Math.log(min) / Math.log(factor));
    while (bound < max * (1 + 1e-9) && bounds.length < BUCKETS_MAX) bounds.push((bound *= factor));
    return bounds;
  }
  const range = max - min || Math.abs(max) || 1;
  const step = options['mode'] === 'count' || !given ? niceStep(range, given ?? BUCKET_COUNT) : Math.max(given, range / BUCKETS_MAX);
  const first = Math.floor(min / step);
  const last = Math.floor(max / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index + 1) * step).toPrecision(12)));
}

/** Undefined when there is nothing to count. */
export function calculatedHeatmap(frames: readonly DataFrame[], calculation: AnyRecord): HeatmapData | undefined {
  const points = pointsOf(frames);
  if (points.length === 0) return undefined;
  const extent = (pick: (point: Point) => number): [number, number] =>
    points.reduce<[number, number]>(([low, high], point) => [Math.min(low, pick(point)), Math.max(high, pick(point))], [Infinity, -Infinity]);
  const [from, to] = extent(({ timeMs }) => timeMs);
  const [min, max] = extent(({ value }) => value);
  const stepMs = columnMs(record(calculation['xBuckets']), Math.max(1, to - from));
  const bounds = bucketBounds(min, max, record(calculation['yBuckets']));
  const firstMs = Math.floor(from / stepMs) * stepMs;
  const columnCount = Math.floor((to - firstMs) / stepMs) + 1;
  const values = bounds.map(() => Array.from({ length: columnCount }, () => 0));
  let most = 0;
  for (const { timeMs, value } of points) {
    const bucket = bounds.findIndex((bound) => value < bound);
    const row = values[bucket < 0 ? bounds.length - 1 : bucket];
    const column = Math.floor((timeMs - firstMs) / stepMs);
    if (!row) continue;
    row[column] = (row[column] ?? 0) + 1;
    most = Math.max(most, row[column] ?? 0);
  }
  return { timesMs: Array.from({ length: columnCount }, (_, index) => firstMs + (index + 1) * stepMs), stepMs, bounds: bounds.map(String), values, min: Math.min(1, most), max: most };
}
