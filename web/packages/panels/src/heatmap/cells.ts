// From the columns of a bucket frame to coloured cells.
import { FieldType, type DataFrame } from '@grafana/data';

export interface HeatmapData {
  timesMs: number[];
  /** The columns' width in time. */
  stepMs: number;
  /** Upper bounds as they stand in the data, lowest bucket first. */
  bounds: string[];
  /** values[bucket][column] */
  values: number[][];
  min: number;
  max: number;
}

// What lies below is as good as nothing and stays uncoloured.
export const VISIBLE_MIN = 1e-9;

function usualStep(times: readonly number[]): number {
  let least = Infinity;
  for (let index = 1; index < times.length; index += 1) least = Math.min(least, (times[index] ?? 0) - (times[index - 1] ?? 0));
  return Number.isFinite(least) && least > 0 ? least : 60_000;
}

/** The bucket frame among the frames, with the range of its values; undefined when there is none. */
export function heatmapData(frames: readonly DataFrame[]): HeatmapData | undefined {
  const frame = frames.find(({ fields }) => fields[0]?.type === FieldType.time && fields.length > 1);
  const time = frame?.fields[0];
  if (!frame || !time || frame.length === 0) return undefined;
  const buckets = frame.fields.filter(({ type }) => type === FieldType.number);
  const values = buckets.map((field): number[] => field.values.map((value: unknown) => Number(value ?? 0) || 0));
  let min = Infinity;
  let max = -Infinity;
  for (const row of values) {
    for (const value of row) {
      if (value <= VISIBLE_MIN) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  const hasAny = max >= min;
  return {
    timesMs: time.values,
    stepMs: time.config.interval ?? usualStep(time.values),
    bounds: buckets.map(({ name, labels }) => labels?.['le'] ?? name),
    values,
    min: hasAny ? min : 0,
    max: hasAny ? max : 1,
  };
}

/** Which of `count` colours a value has; -1 for one that is not drawn. */
export function colorIndex(value: number, min: number, max: number, count: number): number {
  if (!(value > VISIBLE_MIN)) return -1;
  if (!(max > min)) return count - 1;
  const share = (value - min) / (max - min);
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}
