// POST /api/short-urls: an address that leads to a long one.
import { record, text } from '@narthex/dashmodel/json';

import { request } from './client';

/** `path` is an address of this site, with its search. */
export async function shortAddress(path: string): Promise<string> {
  const answer = record(await request('/api/short-urls', { method: 'POST', body: { path: path.replace(/^\//, '') } }));
  return text(answer['url']);
}
