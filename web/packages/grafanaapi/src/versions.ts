// GET /api/dashboards/uid/:uid/versions, .../versions/:version, POST .../restore
import { isRecord, number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';

export interface DashboardVersion {
  version: number;
  message: string;
  created: string;
  createdBy: string;
}

const pathOf = (uid: string): string => `/api/dashboards/uid/${encodeURIComponent(uid)}`;

function readVersion(value: AnyRecord): DashboardVersion {
  return {
    version: number(value['version'], 0),
    message: text(value['message']),
    created: text(value['created']),
    createdBy: text(value['createdBy']),
  };
}

/** Newest first. Earlier servers answer with the list alone. */
export async function fetchVersions(uid: string): Promise<DashboardVersion[]> {
  const answer = await request(`${pathOf(uid)}/versions?limit=100`);
  const list = Array.isArray(answer) ? answer : record(answer)['versions'];
  return records(list).map(readVersion).toSorted((a, b) => b.version - a.version);
}

/** The dashboard as it was in that version. */
export async function fetchVersion(uid: string, version: number): Promise<AnyRecord> {
  const { data } = record(await request(`${pathOf(uid)}/versions/${version}`));
  return isRecord(data) ? data : {};
}

export async function restoreVersion(uid: string, version: number): Promise<void> {
  await request(`${pathOf(uid)}/restore`, { method: 'POST', body: { version } });
}
