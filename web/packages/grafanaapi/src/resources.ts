// GET /api/datasources/uid/:uid/resources/*: label names, label values and series for variables.
import { record } from '@narthex/dashmodel/json';

import { request } from './client';

export async function fetchResource(
  uid: string,
  path: string,
  params: URLSearchParams,
  signal?: AbortSignal,
): Promise<unknown> {
  const url = `/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}?${params}`;
  const answer = record(await request(url, signal ? { signal } : {}));
  return answer['data'];
}
