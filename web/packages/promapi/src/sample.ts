// The pieces of query results: labels, samples as text, native histograms.
import { list, mapOf, number, object, optional, pair, text, ShapeError, type Check } from './check';

export type Labels = Record<string, string>;
export const labels: Check<Labels> = mapOf(text);

// [timestamp in seconds, value as the server writes it]: text keeps every digit, NaN and +Inf.
export type TextSample = [number, string];
export const textSample: Check<TextSample> = pair(number, text);

function isTextSample(value: unknown): value is TextSample {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'string';
}

// A graph has hundreds of thousands of these: nothing is copied, and a path is made for a fault only.
export const textSamples: Check<TextSample[]> = (value, path) => {
  if (!Array.isArray(value)) throw new ShapeError(path, 'a list', value);
  const samples: unknown[] = value;
  if (samples.every(isTextSample)) return samples;
  const wrong = samples.findIndex((sample) => !isTextSample(sample));
  throw new ShapeError(`${path}[${wrong}]`, 'a pair of a number and a string', samples[wrong]);
};

// Inclusiveness of a bucket's bounds: 0 (a,b], 1 [a,b), 2 (a,b), 3 [a,b].
export type BucketBounds = 0 | 1 | 2 | 3;
export interface HistogramBucket {
  bounds: BucketBounds;
  lower: string;
  upper: string;
  count: string;
}

export interface HistogramValue {
  count: string;
  sum: string;
  buckets: HistogramBucket[];
}

const bucketBounds: Check<BucketBounds> = (value, path) => {
  if (value === 0 || value === 1 || value === 2 || value === 3) return value;
  throw new ShapeError(path, 'a number from 0 to 3', value);
};

const bucket: Check<HistogramBucket> = (value, path) => {
  if (!Array.isArray(value) || value.length !== 4) throw new ShapeError(path, 'a list of four', value);
  return {
    bounds: bucketBounds(value[0], `${path}[0]`),
    lower: text(value[1], `${path}[1]`),
    upper: text(value[2], `${path}[2]`),
    count: text(value[3], `${path}[3]`),
  };
};

const histogram: Check<HistogramValue> = (value, path) => {
  const shape = object<{ count: string; sum: string; buckets: HistogramBucket[] | undefined }>({
    count: text,
    sum: text,
    buckets: optional(list(bucket)),
  })(value, path);
  return { count: shape.count, sum: shape.sum, buckets: shape.buckets ?? [] };
};

export const histogramSample: Check<[number, HistogramValue]> = pair(number, histogram);

// Reads a sample value: a float in text, where parseFloat knows 'NaN' and lacks '+Inf'.
export function sampleNumber(value: string): number {
  if (value === '+Inf' || value === 'Inf') return Infinity;
  if (value === '-Inf') return -Infinity;
  return value === '' ? NaN : Number(value);
}
