// POST /api/ds/query
import { isRecord, record, text } from '@narthex/dashmodel/json';

import { ApiError, request } from './client';

export interface DsQuery extends Record<string, unknown> {
  refId: string;
  datasource: { uid: string; type: string };
  intervalMs: number;
  maxDataPoints: number;
}

export interface DsQueryRequest {
  fromMs: number;
  toMs: number;
  queries: DsQuery[];
  dashboardUid: string;
  panelId: number;
}

export interface DsResult {
  refId: string;
  /** Frames as the server wrote them, not yet checked. */
  frames: unknown[];
  /** Empty when the query succeeded. */
  error: string;
}

function resultsOf(body: unknown): DsResult[] {
  return Object.entries(record(record(body)['results'])).map(([refId, value]) => {
    const result = record(value);
    const frames = result['frames'];
    return { refId, frames: Array.isArray(frames) ? frames : [], error: text(result['error']) };
  });
}

/** One result for each query. When all fail the server answers with an error that still names each. */
export async function readResults(ask: () => Promise<unknown>): Promise<DsResult[]> {
  try {
    return resultsOf(await ask());
  } catch (error) {
    if (error instanceof ApiError && isRecord(error.body) && isRecord(error.body['results'])) return resultsOf(error.body);
    throw error;
  }
}

export async function queryData(query: DsQueryRequest, signal: AbortSignal): Promise<DsResult[]> {
  const type = query.queries[0]?.datasource.type ?? '';
  return readResults(() =>
    request(`/api/ds/query?ds_type=${encodeURIComponent(type)}`, {
      method: 'POST',
      signal,
      headers: { 'X-Dashboard-Uid': query.dashboardUid, 'X-Panel-Id': String(query.panelId) },
      body: { from: String(query.fromMs), to: String(query.toMs), queries: query.queries },
    }),
  );
}
