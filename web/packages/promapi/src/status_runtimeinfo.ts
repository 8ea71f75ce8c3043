// GET /api/v1/status/runtimeinfo: the running process.
import { boolean, number, numeric, object, optional, text } from './check';
import { get, type Answer, type ApiClient } from './client';

export interface RuntimeInfo {
  // RFC 3339.
  startTime: string;
  serverTime: string | undefined;
  lastConfigTime: string;
  reloadConfigSuccess: boolean;
  CWD: string;
  hostname: string | undefined;
  corruptionCount: number;
  // Threads of the process; the name is the API's.
  goroutineCount: number | undefined;
  GOMAXPROCS: number | undefined;
  GOMEMLIMIT: number | undefined;
  storageRetention: string;
}

const runtimeInfo = object<RuntimeInfo>({
  startTime: text,
  serverTime: optional(text),
  lastConfigTime: text,
  reloadConfigSuccess: boolean,
  CWD: text,
  hostname: optional(text),
  corruptionCount: number,
  goroutineCount: optional(number),
  GOMAXPROCS: optional(number),
  GOMEMLIMIT: optional(numeric),
  storageRetention: text,
});

export function statusRuntimeInfo(client: ApiClient, signal?: AbortSignal): Promise<Answer<RuntimeInfo>> {
  return get(client, 'status/runtimeinfo', runtimeInfo, signal ? { signal } : {});
}
