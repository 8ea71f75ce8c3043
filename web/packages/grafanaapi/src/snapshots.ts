// GET /api/dashboard/snapshots, POST /api/snapshots, GET and DELETE /api/snapshots/:key
import { record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';

export interface Snapshot {
  key: string;
  name: string;
  created: string;
  expires: string;
}

export interface SnapshotLinks {
  key: string;
  url: string;
  deleteUrl: string;
}

export async function fetchSnapshots(): Promise<Snapshot[]> {
  return records(await request('/api/dashboard/snapshots')).map((one) => ({
    key: text(one['key']),
    name: text(one['name']),
    created: text(one['created']),
    expires: text(one['expires']),
  }));
}

/** `expiresS`: seconds to live, 0 for no end. */
export async function createSnapshot(dashboard: AnyRecord, name: string, expiresS: number): Promise<SnapshotLinks> {
  const made = record(await request('/api/snapshots', { method: 'POST', body: { dashboard, name, expires: expiresS } }));
  return { key: text(made['key']), url: text(made['url']), deleteUrl: text(made['deleteUrl']) };
}

/** The dashboard of a snapshot, its data within; for everyone who has the key. */
export async function fetchSnapshot(key: string, signal?: AbortSignal): Promise<{ dashboard: unknown; created: string }> {
  const answer = record(await request(`/api/snapshots/${encodeURIComponent(key)}`, signal ? { signal } : {}));
  return { dashboard: answer['dashboard'], created: text(record(answer['meta'])['created']) };
}

export async function deleteSnapshot(key: string): Promise<void> {
  await request(`/api/snapshots/${encodeURIComponent(key)}`, { method: 'DELETE' });
}
