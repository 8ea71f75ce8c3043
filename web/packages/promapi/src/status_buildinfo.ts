// GET /api/v1/status/buildinfo: which build answers.
import { object, text, withDefault } from './check';
import { get, type Answer, type ApiClient } from './client';

export interface BuildInfo {
  version: string;
  revision: string;
  branch: string;
  buildUser: string;
  buildDate: string;
  // The compiler or language version; the name is the API's.
  goVersion: string;
}

const buildInfo = object<BuildInfo>({
  version: text,
  revision: withDefault(text, ''),
  branch: withDefault(text, ''),
  buildUser: withDefault(text, ''),
  buildDate: withDefault(text, ''),
  goVersion: withDefault(text, ''),
});

export function statusBuildInfo(client: ApiClient, signal?: AbortSignal): Promise<Answer<BuildInfo>> {
  return get(client, 'status/buildinfo', buildInfo, signal ? { signal } : {});
}
