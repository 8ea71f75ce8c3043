// GET /api/frontend/settings
import { flag, record, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';
import { readUser, type User } from './user';

export interface DataSourceSettings {
  uid: string;
  name: string;
  type: string;
  isDefault: boolean;
  jsonData: AnyRecord;
}

export interface FrontendSettings {
  dataSources: DataSourceSettings[];
  defaultDataSource: string;
  version: string;
  /** Shortest automatic refresh the server allows, as a duration; empty for no limit. */
  refreshIntervalMin: string;
  /** Where nobody prefers another one: dark, light, system. */
  defaultTheme: string;
  user: User;
}

export async function fetchSettings(): Promise<FrontendSettings> {
  const answer = record(await request('/api/frontend/settings'));
  const dataSources = Object.entries(record(answer['datasources'])).map(([name, value]) => {
    const source = record(value);
    return {
      uid: text(source['uid']),
      name: text(source['name'], name),
      type: text(source['type']),
      isDefault: flag(source['isDefault']),
      jsonData: record(source['jsonData']),
    };
  });
  return {
    dataSources,
    defaultDataSource: text(answer['defaultDatasource']),
    version: text(record(answer['buildInfo'])['version']),
    refreshIntervalMin: text(answer['minRefreshInterval']),
    defaultTheme: text(answer['defaultTheme']),
    user: readUser(answer['bootUser']),
  };
}
