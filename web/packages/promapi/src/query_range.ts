// GET/POST /api/v1/query_range: an expression at every step of a range.
import { list, object, oneOf, optional, type Check } from './check';
import { postForm, type Answer, type ApiClient } from './client';
import { rangeSeries, type RangeSeries } from './query';
import { queryStats, type QueryStats } from './query_stats';

export interface QueryRangeData {
  series: RangeSeries[];
  stats: QueryStats | undefined;
}

export interface QueryRangeParams {
  query: string;
  // Seconds since the epoch, both ends included.
  start: number;
  end: number;
  stepSeconds: number;
  signal?: AbortSignal;
}

const queryRangeData: Check<QueryRangeData> = (value, path) => {
  const raw = object<{ resultType: 'matrix'; result: RangeSeries[]; stats: QueryStats | undefined }>({
    resultType: oneOf('matrix'),
    result: list(rangeSeries),
    stats: optional(queryStats),
  })(value, path);
  return { series: raw.result, stats: raw.stats };
};

export function queryRange(client: ApiClient, params: QueryRangeParams): Promise<Answer<QueryRangeData>> {
  const { query, start, end, stepSeconds: step } = params;
  return postForm(client, 'query_range', queryRangeData, {
    params: { query, start, end, step, stats: 'true' },
    ...(params.signal && { signal: params.signal }),
  });
}
