// GET /api/v1/status/flags: command-line flags by name, without the leading dashes.
import { mapOf, text } from './check';
import { get, type Answer, type ApiClient } from './client';

export function statusFlags(client: ApiClient, signal?: AbortSignal): Promise<Answer<Record<string, string>>> {
  return get(client, 'status/flags', mapOf(text), signal ? { signal } : {});
}
