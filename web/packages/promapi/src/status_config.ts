// GET /api/v1/status/config: the configuration as loaded.
import { object, text } from './check';
import { get, type Answer, type ApiClient } from './client';

export interface ConfigData {
  yaml: string;
}

const configData = object<ConfigData>({ yaml: text });

export function statusConfig(client: ApiClient, signal?: AbortSignal): Promise<Answer<ConfigData>> {
  return get(client, 'status/config', configData, signal ? { signal } : {});
}
