// /api/library-elements: panels that are kept once for all dashboards.
import type { LibraryElement } from '@narthex/dashmodel';
import { number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { ApiError, request } from './client';

const PANEL_KIND = 1;
const LIST_MAX = 500;

function readElement(element: AnyRecord): LibraryElement {
  const version = number(element['version']);
  return { uid: text(element['uid']), name: text(element['name']), model: record(element['model']), ...(version === undefined ? {} : { version }) };
}

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

export interface LibraryRow extends LibraryElement {
  type: string;
  folderTitle: string;
  /** How many dashboards show it. */
  dashboardCount: number;
}

export async function fetchLibrary(): Promise<LibraryRow[]> {
  const list = record(record(await request(`/api/library-elements?kind=${PANEL_KIND}&perPage=${LIST_MAX}`, { isLarge: true }))['result']);
  return records(list['elements']).map((element) => {
    const meta = record(element['meta']);
    return { ...readElement(element), type: text(element['type']) || text(record(element['model'])['type']), folderTitle: text(meta['folderName']), dashboardCount: number(meta['connectedDashboards'], 0) };
  });
}

/** What it is called and where it lies from then on. */
export async function createLibraryElement(name: string, model: AnyRecord, folderUid: string): Promise<LibraryElement> {
  const { result } = record(await request('/api/library-elements', { method: 'POST', body: { name, model, folderUid, kind: PANEL_KIND } }));
  return readElement(record(result));
}

const CONFLICT_STATUS = 412;

/** Someone else saved the library panel in between. */
export class LibraryConflict extends Error {}

/** The library panel with another model, where it is still of the version that was read. */
export async function updateLibraryElement({ uid, name, model, version }: LibraryElement): Promise<LibraryElement> {
  try {
    const { result } = record(await request(`/api/library-elements/${encodeURIComponent(uid)}`, { method: 'PATCH', body: { name, model, version, kind: PANEL_KIND } }));
    return readElement(record(result));
  } catch (error) {
    if (error instanceof ApiError && error.status === CONFLICT_STATUS) throw new LibraryConflict(error.message);
    throw error;
  }
}

/** As the library has it now. */
export const fetchLibraryElement = (uid: string): Promise<LibraryElement> => fetchOne(uid, new AbortController().signal);

/** Refused while a dashboard shows it. */
export async function deleteLibraryElement(uid: string): Promise<void> {
  await request(`/api/library-elements/${encodeURIComponent(uid)}`, { method: 'DELETE' });
}
