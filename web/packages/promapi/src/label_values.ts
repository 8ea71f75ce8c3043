// GET /api/v1/label/<name>/values.
import { list, text } from './check';
import { get, type Answer, type ApiClient } from './client';

export function labelValues(client: ApiClient, label: string, signal?: AbortSignal): Promise<Answer<string[]>> {
  return get(client, `label/${encodeURIComponent(label)}/values`, list(text), signal ? { signal } : {});
}
