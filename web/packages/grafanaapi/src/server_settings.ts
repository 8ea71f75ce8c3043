// GET /api/admin/settings/sources, /api/admin/provisioning/status: how the service was set up.
import { records, record, text, texts } from '@narthex/dashmodel/json';

import { request } from './client';

export interface ServerSetting {
  /** Empty for those above every section. */
  section: string;
  key: string;
  /** Secrets come masked. */
  value: string;
  /** "default", "grafana.ini: line 3", "GF_SERVER_HTTP_PORT", "command line". */
  source: string;
}

export interface ProvisionedFile {
  kind: string;
  path: string;
  isLoaded: boolean;
  error: string;
  warnings: string[];
}

export async function fetchServerSettings(): Promise<ServerSetting[]> {
  return records(await request('/api/admin/settings/sources')).map((one) => ({
    section: text(one['section']),
    key: text(one['key']),
    value: text(one['value']),
    source: text(one['source']),
  }));
}

export async function fetchProvisionedFiles(): Promise<ProvisionedFile[]> {
  return records(record(await request('/api/admin/provisioning/status'))['files']).map((one) => ({
    kind: text(one['kind']),
    path: text(one['path']),
    isLoaded: text(one['state']) === 'loaded',
    error: text(one['error']),
    warnings: texts(one['warnings']),
  }));
}

export async function reloadProvisioning(kind: 'datasources' | 'dashboards'): Promise<void> {
  await request(`/api/admin/provisioning/${kind}/reload`, { method: 'POST' });
}
