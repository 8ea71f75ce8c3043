// /api/datasources: the data sources as they are stored, for those who administer the organisation.
import { flag, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { ApiError, request } from './client';

export interface SourceRow {
  uid: string;
  name: string;
  type: string;
  typeName: string;
  url: string;
  isDefault: boolean;
  /** Comes from a file, and is changed there. */
  isReadOnly: boolean;
}

export interface StoredSource extends SourceRow {
  /** As the server gives it: what is changed and sent back. */
  body: AnyRecord;
  /** Names of the secrets that it has; nobody is told what they are. */
  secrets: ReadonlySet<string>;
}

const pathOf = (uid: string): string => `/api/datasources/uid/${encodeURIComponent(uid)}`;

const rowOf = (one: AnyRecord): SourceRow => ({
  uid: text(one['uid']),
  name: text(one['name']),
  type: text(one['type']),
  typeName: text(one['typeName']) || text(one['type']),
  url: text(one['url']),
  isDefault: flag(one['isDefault']),
  isReadOnly: flag(one['readOnly']),
});

export async function fetchSources(): Promise<SourceRow[]> {
  return records(await request('/api/datasources')).map(rowOf);
}

export async function fetchSource(uid: string): Promise<StoredSource> {
  const { secureJsonFields, ...body } = record(await request(pathOf(uid)));
  const held = record(secureJsonFields);
  return { ...rowOf(body), body, secrets: new Set(Object.keys(held).filter((key) => held[key] === true)) };
}

/** The uid of the one that was made. */
export async function createSource(body: AnyRecord): Promise<string> {
  const made = record(await request('/api/datasources', { method: 'POST', body: { access: 'proxy', ...body } }));
  return text(record(made['datasource'])['uid']);
}

/** `secrets` are those that change; the others stay. */
export async function changeSource(uid: string, body: AnyRecord, secrets: Readonly<Record<string, string>>): Promise<void> {
  await request(pathOf(uid), { method: 'PUT', body: { ...body, secureJsonData: secrets } });
}

export async function deleteSource(uid: string): Promise<void> {
  await request(pathOf(uid), { method: 'DELETE' });
}

export interface SourceHealth {
  isWell: boolean;
  message: string;
}

/** What it answers when it is asked something simple; what is wrong is an answer, too. */
export async function checkSource(uid: string): Promise<SourceHealth> {
  try {
    return { isWell: true, message: text(record(await request(`${pathOf(uid)}/health`))['message']) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { isWell: false, message: error.message };
  }
}
