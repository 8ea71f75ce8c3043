// /api/folders: reading, making, naming, moving and deleting them.
import { flag, number, record, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface Folder {
  uid: string;
  title: string;
}

export interface FolderDetails extends Folder {
  /** Empty at the top. */
  parentUid: string;
  mayEdit: boolean;
  /** May say who else may see it. */
  mayAdminister: boolean;
}

const pathOf = (uid: string): string => `/api/folders/${encodeURIComponent(uid)}`;

/** Those at the top. */
export async function fetchFolders(): Promise<Folder[]> {
  return records(await request('/api/folders?limit=1000')).map((one) => ({ uid: text(one['uid']), title: text(one['title']) }));
}

export async function fetchFolder(uid: string): Promise<FolderDetails> {
  const folder = record(await request(pathOf(uid)));
  return { uid, title: text(folder['title']), parentUid: text(folder['parentUid']), mayEdit: flag(folder['canSave']), mayAdminister: flag(folder['canAdmin']) };
}

export async function createFolder(title: string, parentUid = ''): Promise<Folder> {
  const made = record(await request('/api/folders', { method: 'POST', body: { title, ...(parentUid && { parentUid }) } }));
  return { uid: text(made['uid']), title: text(made['title'], title) };
}

export async function renameFolder(uid: string, title: string): Promise<void> {
  await request(pathOf(uid), { method: 'PUT', body: { title, overwrite: true } });
}

/** An empty parent is the top. */
export async function moveFolder(uid: string, parentUid: string): Promise<void> {
  await request(`${pathOf(uid)}/move`, { method: 'POST', body: { parentUid } });
}

/** With all that is in it. */
export async function deleteFolder(uid: string): Promise<void> {
  await request(`${pathOf(uid)}?forceDeleteRules=true`, { method: 'DELETE' });
}

/** How many things of each kind would go with it. */
export async function countFolder(uid: string): Promise<{ dashboards: number; folders: number }> {
  const counts = record(await request(`${pathOf(uid)}/counts`));
  return { dashboards: number(counts['dashboard'], 0), folders: number(counts['folder'], 0) };
}
