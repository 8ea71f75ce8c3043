// GET and POST /api/folders
import { record, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface Folder {
  uid: string;
  title: string;
}

export async function fetchFolders(): Promise<Folder[]> {
  return records(await request('/api/folders?limit=1000')).map((one) => ({ uid: text(one['uid']), title: text(one['title']) }));
}

export async function createFolder(title: string): Promise<Folder> {
  const made = record(await request('/api/folders', { method: 'POST', body: { title } }));
  return { uid: text(made['uid']), title: text(made['title'], title) };
}
