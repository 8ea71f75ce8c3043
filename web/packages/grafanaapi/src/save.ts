// POST /api/dashboards/db, POST /api/dashboards/import, DELETE /api/dashboards/uid/:uid
import { number, record, text, type AnyRecord } from '@narthex/dashmodel/json';

import { base } from './base';
import { ApiError, request } from './client';

export interface SaveRequest {
  dashboard: AnyRecord;
  message: string;
  folderUid: string;
  /** Also where someone else has saved in between. */
  overwrite: boolean;
}

export interface Saved {
  uid: string;
  url: string;
  version: number;
}

const CONFLICT_STATUS = 412;

/** Someone else saved the dashboard, or one of its name is there already. */
export class SaveConflict extends Error {
  constructor(
    message: string,
    readonly kind: string,
  ) {
    super(message);
  }
}

function readSaved(answer: unknown): Saved {
  const body = record(answer);
  return { uid: text(body['uid']), url: base.remove(text(body['importedUrl']) || text(body['url'])), version: number(body['version'], 0) };
}

export async function saveDashboard({ dashboard, message, folderUid, overwrite }: SaveRequest): Promise<Saved> {
  try {
    return readSaved(await request('/api/dashboards/db', { method: 'POST', body: { dashboard, message, folderUid, overwrite } }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== CONFLICT_STATUS) throw error;
    throw new SaveConflict(error.message, text(record(error.body)['status']));
  }
}

export interface ImportInput {
  name: string;
  type: string;
  pluginId: string;
  value: string;
}

export async function importDashboard(dashboard: AnyRecord, inputs: readonly ImportInput[], folderUid: string, overwrite: boolean): Promise<Saved> {
  try {
    return readSaved(await request('/api/dashboards/import', { method: 'POST', body: { dashboard, inputs, folderUid, overwrite } }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== CONFLICT_STATUS) throw error;
    throw new SaveConflict(error.message, text(record(error.body)['status']));
  }
}

export async function deleteDashboard(uid: string): Promise<void> {
  await request(`/api/dashboards/uid/${encodeURIComponent(uid)}`, { method: 'DELETE' });
}

/** Into another folder, and nothing else about it changed. An empty folder is the top. */
export async function moveDashboard(uid: string, folderUid: string): Promise<void> {
  const { dashboard } = record(await request(`/api/dashboards/uid/${encodeURIComponent(uid)}`));
  await saveDashboard({ dashboard: record(dashboard), message: 'Moved', folderUid, overwrite: true });
}
