// POST /api/ds/query
import { isRecord, record, text } from '@narthex/dashmodel/json';

import { ApiError, request, type RequestOptions } from './client';

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

export interface DsCall {
  path: string;
  options: RequestOptions & { method: 'POST'; body: object };
}

/** What is sent for the queries of a panel. */
export function dsCall(query: DsQueryRequest): DsCall {
  const type = query.queries[0]?.datasource.type ?? '';
  return {
    path: `/api/ds/query?ds_type=${encodeURIComponent(type)}`,
    options: {
      method: 'POST',
      headers: { 'X-Dashboard-Uid': query.dashboardUid, 'X-Panel-Id': String(query.panelId) },
      body: { from: String(query.fromMs), to: String(query.toMs), queries: query.queries },
    },
  };
}

export interface DsAnswer {
  status: number;
  /** As the server wrote it. */
  body: unknown;
}

/** The answer as it comes, errors too: for whoever looks into what a panel asks. */
export async function askAsIs({ path, options }: DsCall, signal: AbortSignal): Promise<DsAnswer> {
  try {
    return { status: 200, body: await request(path, { ...options, signal }) };
  } catch (error) {
    if (error instanceof ApiError && error.status > 0) return { status: error.status, body: error.body };
    throw error;
  }
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
  const { path, options } = dsCall(query);
  return readResults(() => request(path, { ...options, signal, isLarge: true }));
}
