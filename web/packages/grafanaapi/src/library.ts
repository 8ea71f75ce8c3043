// GET /api/library-elements and /api/library-elements/:uid
import type { LibraryElement } from '@narthex/dashmodel';
import { number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';

const PANEL_KIND = 1;
const LIST_MAX = 500;

const readElement = (element: AnyRecord): LibraryElement => ({ uid: text(element['uid']), name: text(element['name']), model: record(element['model']) });

async function fetchOne(uid: string, signal: AbortSignal): Promise<LibraryElement> {
  const { result } = record(await request(`/api/library-elements/${encodeURIComponent(uid)}`, { signal }));
  return { ...readElement(record(result)), uid };
}

/**
 * Those library panels that there are, by uid. Asked for as a list: to ask for one that is gone would be an error in
 * the browser's console. Only where there are more than a list holds the rest is asked for one by one.
 */
export async function fetchLibraryElements(uids: readonly string[], signal: AbortSignal): Promise<Map<string, LibraryElement>> {
  const found = new Map<string, LibraryElement>();
  const list = record(record(await request(`/api/library-elements?kind=${PANEL_KIND}&perPage=${LIST_MAX}`, { signal, isLarge: true }))['result']);
  const listed = records(list['elements']).map(readElement);
  for (const element of listed) if (uids.includes(element.uid)) found.set(element.uid, element);
  if (number(list['totalCount'], 0) <= listed.length) return found;
  const rest = await Promise.allSettled(uids.filter((uid) => !found.has(uid)).map((uid) => fetchOne(uid, signal)));
  for (const one of rest) if (one.status === 'fulfilled') found.set(one.value.uid, one.value);
  return found;
}
