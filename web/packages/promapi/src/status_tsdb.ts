// GET /api/v1/status/tsdb: what the head holds and which labels take the most room.
import { list, number, object, text, withDefault } from './check';
import { get, type Answer, type ApiClient } from './client';

export interface NamedCount {
  name: string;
  value: number;
}

export interface HeadStats {
  numSeries: number;
  numLabelPairs: number;
  chunkCount: number;
  // Milliseconds since the epoch.
  minTime: number;
  maxTime: number;
}

export interface TsdbStatus {
  headStats: HeadStats;
  seriesCountByMetricName: NamedCount[];
  labelValueCountByLabelName: NamedCount[];
  memoryInBytesByLabelName: NamedCount[];
  seriesCountByLabelValuePair: NamedCount[];
}

const counts = withDefault(list(object<NamedCount>({ name: text, value: number })), []);

const tsdbStatus = object<TsdbStatus>({
  headStats: object<HeadStats>({
    numSeries: number,
    numLabelPairs: withDefault(number, 0),
    chunkCount: withDefault(number, 0),
    minTime: number,
    maxTime: number,
  }),
  seriesCountByMetricName: counts,
  labelValueCountByLabelName: counts,
  memoryInBytesByLabelName: counts,
  seriesCountByLabelValuePair: counts,
});

export function statusTsdb(
  client: ApiClient,
  params: { limit?: number; signal?: AbortSignal },
): Promise<Answer<TsdbStatus>> {
  return get(client, 'status/tsdb', tsdbStatus, {
    params: { limit: params.limit },
    ...(params.signal && { signal: params.signal }),
  });
}
