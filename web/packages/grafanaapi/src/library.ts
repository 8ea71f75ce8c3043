// GET /api/library-elements/:uid
import type { LibraryElement } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';

import { request } from './client';

export async function fetchLibraryElement(uid: string, signal?: AbortSignal): Promise<LibraryElement> {
  const { result } = record(await request(`/api/library-elements/${encodeURIComponent(uid)}`, signal ? { signal } : {}));
  const element = record(result);
  return { uid, name: text(element['name']), model: record(element['model']) };
}
