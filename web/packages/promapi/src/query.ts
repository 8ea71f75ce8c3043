// GET/POST /api/v1/query: an expression at one instant.
import { list, object, oneOf, optional, ShapeError, type Check } from './check';
import { postForm, type Answer, type ApiClient } from './client';
import { histogramSample, labels, textSample, textSamples } from './sample';
import type { HistogramValue, Labels, TextSample } from './sample';
import { queryStats, type QueryStats } from './query_stats';

export interface InstantSeries {
  labels: Labels;
  sample: TextSample | undefined;
  histogram: [number, HistogramValue] | undefined;
}

export interface RangeSeries {
  labels: Labels;
  samples: TextSample[];
  histograms: [number, HistogramValue][];
}

export type QueryResult =
  | { type: 'vector'; series: InstantSeries[] }
  | { type: 'matrix'; series: RangeSeries[] }
  | { type: 'scalar' | 'string'; sample: TextSample };

export interface QueryData {
  result: QueryResult;
  stats: QueryStats | undefined;
}

export interface QueryParams {
  query: string;
  // Seconds since the epoch; the server's own time if absent.
  time?: number;
  // At most so many series; all if absent.
  limit?: number;
  signal?: AbortSignal;
}

const instantSeries: Check<InstantSeries> = (value, path) => {
  const raw = object<{
    metric: Labels;
    value: TextSample | undefined;
    histogram: [number, HistogramValue] | undefined;
  }>({ metric: labels, value: optional(textSample), histogram: optional(histogramSample) })(value, path);
  if (raw.value === undefined && raw.histogram === undefined) {
    throw new ShapeError(path, 'a series with a value or a histogram', value);
  }
  return { labels: raw.metric, sample: raw.value, histogram: raw.histogram };
};

export const rangeSeries: Check<RangeSeries> = (value, path) => {
  const raw = object<{
    metric: Labels;
    values: TextSample[] | undefined;
    histograms: [number, HistogramValue][] | undefined;
  }>({
    metric: labels,
    values: optional(textSamples),
    histograms: optional(list(histogramSample)),
  })(value, path);
  return { labels: raw.metric, samples: raw.values ?? [], histograms: raw.histograms ?? [] };
};

const queryResult: Check<QueryResult> = (value, path) => {
  const { resultType: type } = object<{ resultType: QueryResult['type'] }>({
    resultType: oneOf('vector', 'matrix', 'scalar', 'string'),
  })(value, path);
  const member = <T>(check: Check<T>): T => object<{ result: T }>({ result: check })(value, path).result;
  switch (type) {
    case 'vector':
      return { type, series: member(list(instantSeries)) };
    case 'matrix':
      return { type, series: member(list(rangeSeries)) };
    default:
      return { type, sample: member(textSample) };
  }
};

const queryData: Check<QueryData> = (value, path) => ({
  result: queryResult(value, path),
  stats: object<{ stats: QueryStats | undefined }>({ stats: optional(queryStats) })(value, path).stats,
});

export function query(client: ApiClient, params: QueryParams): Promise<Answer<QueryData>> {
  return postForm(client, 'query', queryData, {
    params: { query: params.query, time: params.time, limit: params.limit, stats: 'true' },
    ...(params.signal && { signal: params.signal }),
  });
}
