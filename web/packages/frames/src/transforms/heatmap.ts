// Samples counted into cells: how many fell into which bucket, and when. What the transformation and the panel
// that calculates share. Source: Grafana's transformation "Create heatmap"; spec grafana.md, 4.3 and 4.5.
import { DataFrameType, FieldType, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';
import { flag, number, record, text, type AnyRecord } from '@narthex/dashmodel/json';
import { parseDurationMs } from '@narthex/timeutil';

import { makeField, type Transform } from './fields';

interface Samples {
  time: Field;
  value: Field;
  xs: number[];
  ys: number[];
}

interface Axis {
  /** The width of a bucket; on a logarithmic axis, of its exponent. */
  step: number;
  /** The lowest bucket, in steps. */
  first: number;
  count: number;
  bucketOf: (value: number) => number;
  lowerBound: (bucket: number) => number;
}

const COLUMN_COUNT = 20;
const ROW_COUNT = 10;
// A size set far too small would take all memory; more than this no screen shows.
const BUCKETS_MAX = 2000;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const multiples = (unit: number, counts: readonly number[]): number[] => counts.map((count) => unit * count);
const TIME_SIZES: readonly number[] = [
  ...multiples(1, [1, 2, 4, 5, 10, 20, 25, 40, 50, 100, 200, 250, 400, 500]),
  ...multiples(SECOND, [1, 2, 4, 5, 10, 15, 20, 30]),
  ...multiples(MINUTE, [1, 2, 4, 5, 10, 15, 20, 30]),
  ...multiples(HOUR, [1, 2, 4, 6, 8, 12, 18]),
  ...multiples(DAY, [1, 2, 3, 4, 5, 6, 7, 10, 15, 30, 45, 60, 90, 180]),
  ...multiples(YEAR, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
];

/** The largest size that is not above `rough`; the smallest there is for none. */
function timeSize(rough: number): number {
  return TIME_SIZES.findLast((size) => size <= rough) ?? 1;
}

/** As `timeSize`, of round numbers: halves of a power of ten below one, whole ones above. */
function plainSize(rough: number): number {
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = Math.floor((rough / power) * 2 + 1e-9) / 2;
  const size = Number((Math.max(1, steps) * power).toPrecision(12));
  return rough >= 1 ? Math.max(1, Math.floor(size)) : size;
}

function samplesOf(frames: readonly DataFrame[]): Samples | undefined {
  const out: Samples[] = [];
  for (const frame of frames) {
    const time = frame.fields.find(({ type }) => type === FieldType.time);
    for (const value of time ? frame.fields.filter(({ type }) => type === FieldType.number) : []) {
      const kept = value.values.map((one: unknown, index: number) => [Number(time?.values[index]), one] as const).filter(([at, one]) => Number.isFinite(at) && typeof one === 'number' && Number.isFinite(one));
      if (time) out.push({ time, value, xs: kept.map(([at]) => at), ys: kept.map(([, one]) => Number(one)) });
    }
  }
  const [first] = out;
  return first && { ...first, xs: out.flatMap(({ xs }) => xs), ys: out.flatMap(({ ys }) => ys) };
}

function extent(values: readonly number[]): [min: number, max: number] {
  return values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function linearAxis([min, max]: [number, number], step: number): Axis {
  const least = Math.max(step, (max - min) / BUCKETS_MAX);
  // Sums of decimals fall a hair below the bound that they stand for.
  const bucketOf = (value: number): number => Math.floor(value / least + 1e-9);
  const first = bucketOf(min);
  const lowerBound = (bucket: number): number => Number(((first + bucket) * least).toPrecision(15));
  return { step: least, first, count: bucketOf(max) - first + 1, bucketOf: (value) => bucketOf(value) - first, lowerBound };
}

/** `parts` buckets for each power of the base. */
function logAxis([min, max]: [number, number], base: number, parts: number): Axis {
  const log = base === 10 ? Math.log10 : base === 2 ? Math.log2 : (value: number) => Math.log(value) / Math.log(base);
  const { bucketOf, ...axis } = linearAxis([log(min), log(max)], 1 / parts);
  return { ...axis, bucketOf: (value) => bucketOf(log(value)), lowerBound: (bucket) => base ** (axis.lowerBound(bucket)) };
}

function xAxis(range: [number, number], buckets: AnyRecord): Axis {
  const given = text(buckets['value']);
  const size = number(given) ?? parseDurationMs(given);
  const isCount = buckets['mode'] === 'count' || !size || size <= 0;
  const count = isCount && size && size > 0 ? size : COLUMN_COUNT;
  return linearAxis(range, isCount ? timeSize((range[1] - range[0]) / Math.max(count - 1, 1)) : size);
}

function yAxis(range: [number, number], buckets: AnyRecord): Axis {
  const scale = record(buckets['scale']);
  const given = number(buckets['value']);
  const size = given !== undefined && given > 0 ? given : undefined;
  // A logarithm needs what is above zero; linear buckets show the rest as well.
  if (scale['type'] === 'log' && range[0] > 0) return logAxis(range, number(scale['log'], 2), size ?? 1);
  const isCount = buckets['mode'] === 'count' || size === undefined;
  return linearAxis(range, isCount ? plainSize((range[1] - range[0]) / Math.max((size ?? ROW_COUNT) - 1, 1)) : size);
}

/**
 * One frame of cells, column by column and lowest first: when a cell begins, from which value on, how many samples
 * it holds. The width of the buckets stands in the `interval` of the first two fields. Undefined for nothing to count.
 */
export function calculateHeatmap(frames: readonly DataFrame[], options: AnyRecord): DataFrame | undefined {
  const samples = samplesOf(frames);
  if (!samples || samples.xs.length === 0) return undefined;
  const scale = record(record(options['yBuckets'])['scale']);
  const x = xAxis(extent(samples.xs), record(options['xBuckets']));
  const y = yAxis(extent(samples.ys), record(options['yBuckets']));
  const counts = Array.from({ length: x.count * y.count }, () => 0);
  samples.xs.forEach((at, index) => {
    const cell = x.bucketOf(at) * y.count + y.bucketOf(samples.ys[index] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  });
  const { displayName: _name, displayNameFromDS: _source, ...config } = samples.value.config;
  return {
    name: getFieldDisplayName(samples.value),
    meta: { type: DataFrameType.HeatmapCells },
    length: counts.length,
    fields: [
      makeField('xMin', counts.map((_, cell) => x.lowerBound(Math.floor(cell / y.count))), { type: FieldType.time, config: { ...samples.time.config, interval: x.step } }),
      makeField('yMin', counts.map((_, cell) => y.lowerBound(cell % y.count)), {
        config: { ...config, interval: y.step, custom: { scaleDistribution: { type: 'linear', ...scale } } },
      }),
      makeField('Count', counts, { config: { unit: 'short' } }),
    ],
  };
}

export const heatmap: Transform = (frames, options) => {
  const cells = calculateHeatmap(frames, options);
  return [...(cells ? [cells] : []), ...(flag(options['keepOriginalData']) ? frames : [])];
};
