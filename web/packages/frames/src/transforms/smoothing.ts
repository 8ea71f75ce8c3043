// Each series once more with its noise taken out: the moving average that is smoothest while what stands out goes on
// standing out.
// Source: ASAP, Rong and Bailis, VLDB 2017, https://arxiv.org/abs/1703.00983, sections 3 and 4.2.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { number } from '@narthex/dashmodel/json';

import type { Transform } from './fields';

const RESOLUTION_DEFAULT = 100;
const RESOLUTION_MAX = 1000;
// A window of more than a tenth of the series would leave nothing of it, by the paper.
const WINDOW_SHARE_MAX = 0.1;

interface Point {
  x: number;
  y: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function moment(values: readonly number[], power: number): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** power));
}

/** How much the line jumps: the deviation of its steps. */
function roughness(values: readonly number[]): number {
  return Math.sqrt(moment(values.slice(1).map((value, index) => value - (values[index] ?? 0)), 2));
}

/** How far outliers stand out. */
function kurtosis(values: readonly number[]): number {
  const variance = moment(values, 2);
  return variance === 0 ? 0 : moment(values, 4) / variance ** 2;
}

function averaged(points: readonly Point[], windowSize: number, slide: number): Point[] {
  const out: Point[] = [];
  for (let from = 0; from + windowSize <= points.length; from += slide) {
    const part = points.slice(from, from + windowSize);
    out.push({ x: mean(part.map(({ x }) => x)), y: mean(part.map(({ y }) => y)) });
  }
  return out;
}

/** The moving average with the least roughness whose kurtosis is not below the series' own. */
export function smoothed(points: readonly Point[], resolution: number): Point[] {
  // More points than can be seen are averaged first: the search then costs the same for any length.
  const ratio = Math.floor(points.length / resolution);
  const base = ratio >= 2 ? averaged(points, ratio, ratio) : [...points];
  const ys = base.map(({ y }) => y);
  const own = kurtosis(ys);
  let best = base;
  let least = roughness(ys);
  for (let size = 2; size <= base.length * WINDOW_SHARE_MAX; size += 1) {
    const candidate = averaged(base, size, 1);
    const values = candidate.map(({ y }) => y);
    const rough = roughness(values);
    if (rough < least && kurtosis(values) >= own) {
      best = candidate;
      least = rough;
    }
  }
  return best;
}

/** The line through the points at each of the times; level before the first and behind the last. */
function at(points: readonly Point[], times: readonly number[]): Array<number | null> {
  let index = 0;
  return times.map((time) => {
    while (index + 1 < points.length && (points[index + 1]?.x ?? Infinity) <= time) index += 1;
    const from = points[index];
    const to = points[index + 1];
    if (!from) return null;
    if (!to || time <= from.x) return from.y;
    return from.y + ((to.y - from.y) * (time - from.x)) / (to.x - from.x);
  });
}

function smoothField(field: Field, times: number[], resolution: number): Field | undefined {
  const points = field.values.flatMap((y: unknown, index: number): Point[] => {
    const x = times[index];
    return typeof y === 'number' && Number.isFinite(y) && x !== undefined ? [{ x, y }] : [];
  });
  if (points.length === 0) return undefined;
  const made = smoothed(points, Math.max(1, Math.min(resolution, points.length * 2)));
  return { ...field, values: at(made, times), state: {} };
}

function smoothFrame(frame: DataFrame, resolution: number): DataFrame[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  if (!time) return [];
  let count = 0;
  const fields = frame.fields.flatMap((field): Field[] => {
    if (field.type !== FieldType.number) return [field];
    const made = smoothField(field, time.values, resolution);
    count += made ? 1 : 0;
    return made ? [made] : [];
  });
  return count > 0 ? [{ ...frame, name: 'Smoothed', fields }] : [];
}

export const smoothing: Transform = (frames, options) => {
  const resolution = Math.max(1, Math.min(RESOLUTION_MAX, number(options['resolution'], RESOLUTION_DEFAULT)));
  return [...frames, ...frames.flatMap((frame) => smoothFrame(frame, resolution))];
};
