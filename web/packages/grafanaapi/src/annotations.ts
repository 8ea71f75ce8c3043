// GET and POST /api/annotations, PATCH and DELETE /api/annotations/:id
import { number, records, text, texts } from '@narthex/dashmodel/json';

import { request } from './client';

export interface StoredAnnotation {
  id: number;
  timeMs: number;
  /** The start, where it has no length. */
  timeEndMs: number;
  text: string;
  tags: string[];
  login: string;
  dashboardUid: string;
  panelId: number;
}

export interface AnnotationSearch {
  limit: number;
  tags: readonly string[];
  /** One of the tags is enough. */
  matchAny?: boolean;
  dashboardUid: string;
  fromMs: number | undefined;
  toMs: number | undefined;
}

/** Newest first. */
export async function searchAnnotations({ limit, tags, matchAny = false, dashboardUid, fromMs, toMs }: AnnotationSearch): Promise<StoredAnnotation[]> {
  const search = new URLSearchParams({ limit: String(limit), type: 'annotation' });
  for (const tag of tags) search.append('tags', tag);
  if (matchAny) search.set('matchAny', 'true');
  if (dashboardUid !== '') search.set('dashboardUID', dashboardUid);
  if (fromMs !== undefined) search.set('from', String(fromMs));
  if (toMs !== undefined) search.set('to', String(toMs));
  return records(await request(`/api/annotations?${search.toString()}`)).map((one) => ({
    id: number(one['id'], 0),
    timeMs: number(one['time'], 0),
    timeEndMs: number(one['timeEnd']) || number(one['time'], 0),
    text: text(one['text']),
    tags: texts(one['tags']),
    login: text(one['login']),
    dashboardUid: text(one['dashboardUID']),
    panelId: number(one['panelId'], 0),
  }));
}

export interface AnnotationText {
  text: string;
  tags: readonly string[];
}

export interface NewAnnotation extends AnnotationText {
  dashboardUid: string;
  panelId: number;
  timeMs: number;
  /** As timeMs for a point in time. */
  timeEndMs: number;
}

export async function addAnnotation({ dashboardUid, panelId, timeMs, timeEndMs, ...words }: NewAnnotation): Promise<void> {
  await request('/api/annotations', { method: 'POST', body: { dashboardUID: dashboardUid, panelId, time: timeMs, timeEnd: timeEndMs, ...words } });
}

export async function changeAnnotation(id: number, words: AnnotationText): Promise<void> {
  await request(`/api/annotations/${id}`, { method: 'PATCH', body: words });
}

export async function deleteAnnotation(id: number): Promise<void> {
  await request(`/api/annotations/${id}`, { method: 'DELETE' });
}
