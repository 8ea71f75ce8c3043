// From the columns of a bucket frame to coloured cells.
import { DataFrameType, FieldType, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';
import { number, record, type AnyRecord } from '@narthex/dashmodel/json';

import { ladderOf } from './native';

export interface HeatmapData {
  timesMs: number[];
  /** The columns' width in time. */
  stepMs: number;
  /** Upper bounds as they stand in the data, lowest bucket first. */
  bounds: string[];
  /** The lower bound of the lowest bucket; left out where it has none. */
  lowest?: string;
  /** values[bucket][column] */
  values: number[][];
  min: number;
  max: number;
  /** What cells were counted on: the type of the scale, and the base of its logarithm. */
  scale?: AnyRecord;
  /** Of each bucket, where the answer gives one. */
  fields?: Field[];
}

// What lies below is as good as nothing and stays uncoloured.
export const VISIBLE_MIN = 1e-9;

function usualStep(times: readonly number[]): number {
  let least = Infinity;
  for (let index = 1; index < times.length; index += 1) least = Math.min(least, (times[index] ?? 0) - (times[index - 1] ?? 0));
  return Number.isFinite(least) && least > 0 ? least : 60_000;
}

const isSeries = ({ fields }: DataFrame): boolean => fields.length === 2 && fields[0]?.type === FieldType.time && fields[1]?.type === FieldType.number;

/** Several series, one bucket each by their names, as one frame with them as columns: numbers in order. */
function asRows(frames: readonly DataFrame[]): readonly DataFrame[] {
  const series = frames.filter(isSeries);
  if (series.length < 2) return frames;
  const all = [...series];
  const named = all.map((frame) => ({ frame, name: frame.fields[1] ? getFieldDisplayName(frame.fields[1], frame, all) : '' }));
  const bound = (name: string): number => (name === '+Inf' ? Infinity : Number(name));
  const sorted = named.every(({ name }) => !Number.isNaN(bound(name))) ? named.toSorted((a, b) => bound(a.name) - bound(b.name)) : named;
  const [first] = series.toSorted((a, b) => b.length - a.length);
  const time = first?.fields[0];
  if (!first || !time) return frames;
  const indexByTime = new Map(time.values.map((at: number, index: number) => [at, index] as const));
  const columns = sorted.flatMap(({ frame, name }) => {
    const [own, value] = frame.fields;
    if (!own || !value) return [];
    const values: unknown[] = time.values.map(() => null);
    own.values.forEach((at: number, index: number) => {
      const place = indexByTime.get(at);
      if (place !== undefined) values[place] = value.values[index];
    });
    return [{ ...value, name, labels: {}, values }];
  });
  return [{ length: first.length, fields: [time, ...columns] }];
}

/** Where the bucket that begins at `lower` ends. */
function upperBound(lower: number, step: number, scale: unknown): number {
  const { type, log } = record(scale);
  if (type !== 'log' || lower <= 0) return Number((lower + step).toPrecision(12));
  return Number((lower * number(log, 2) ** step).toPrecision(12));
}

/** Cells counted before: column by column, the lowest bucket first. */
function fromCells({ fields, meta }: DataFrame): HeatmapData | undefined {
  const [x, y, count] = fields;
  if (meta?.type !== DataFrameType.HeatmapCells || !x || !y || !count || x.values.length === 0) return undefined;
  const starts = [...new Set<number>(x.values)];
  const lowers: number[] = y.values.slice(0, y.values.length / starts.length);
  const stepMs = x.config.interval ?? usualStep(starts);
  const step = y.config.interval ?? (lowers[1] ?? 1) - (lowers[0] ?? 0);
  const values = lowers.map((_, row) => starts.map((__, column): number => count.values[column * lowers.length + row] ?? 0));
  const scale = record(record(y.config.custom)['scaleDistribution']);
  return {
    timesMs: starts.map((start) => start + stepMs),
    stepMs,
    lowest: String(lowers[0] ?? 0),
    bounds: lowers.map((lower) => String(upperBound(lower, step, scale))),
    scale,
    values,
    ...drawnRange(values),
  };
}

const boundText = (bound: number): string => (bound === Infinity ? '+Inf' : bound === -Infinity ? '-Inf' : String(Number(bound.toPrecision(12))));

function fromNative(frame: DataFrame): HeatmapData | undefined {
  const ladder = ladderOf(frame);
  if (!ladder || ladder.timesMs.length === 0) return undefined;
  const { timesMs, edges, counts } = ladder;
  const [lowest = '', ...bounds] = edges.map(boundText);
  return { timesMs, stepMs: frame.fields[0]?.config.interval ?? usualStep(timesMs), bounds, lowest, values: counts, ...drawnRange(counts) };
}

/** Of what is not as good as nothing. */
function drawnRange(values: readonly number[][]): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const row of values) {
    for (const value of row) {
      if (value <= VISIBLE_MIN) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return max >= min ? { min, max } : { min: 0, max: 1 };
}

/** The bucket frame among the frames, with the range of its values; undefined when there is none. */
export function heatmapData(given: readonly DataFrame[]): HeatmapData | undefined {
  const cells = given.find(({ meta }) => meta?.type === DataFrameType.HeatmapCells);
  if (cells) return fromNative(cells) ?? fromCells(cells);
  const frames = asRows(given);
  const frame = frames.find(({ fields }) => fields[0]?.type === FieldType.time && fields.length > 1);
  const time = frame?.fields[0];
  if (!frame || !time || frame.length === 0) return undefined;
  const buckets = frame.fields.filter(({ type }) => type === FieldType.number);
  const values = buckets.map((field): number[] => field.values.map((value: unknown) => Number(value ?? 0) || 0));
  return {
    timesMs: time.values,
    stepMs: time.config.interval ?? usualStep(time.values),
    bounds: buckets.map(({ name, labels }) => labels?.['le'] ?? name),
    values,
    fields: buckets,
    ...drawnRange(values),
  };
}

/** Which of `count` colours a value has; -1 for one that is not drawn. */
export function colorIndex(value: number, min: number, max: number, count: number): number {
  if (!(value > VISIBLE_MIN)) return -1;
  if (!(max > min)) return count - 1;
  const share = (value - min) / (max - min);
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}
