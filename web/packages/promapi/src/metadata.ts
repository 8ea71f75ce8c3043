// GET /api/v1/metadata: type, help and unit of metrics, as the targets expose them.
import { list, mapOf, object, text, withDefault } from './check';
import { get, type Answer, type ApiClient } from './client';

export interface MetricMetadata {
  type: string;
  help: string;
  unit: string;
}

const metadataByName = mapOf(
  list(object<MetricMetadata>({ type: text, help: withDefault(text, ''), unit: withDefault(text, '') })),
);

export function metadata(
  client: ApiClient,
  signal?: AbortSignal,
): Promise<Answer<Record<string, MetricMetadata[]>>> {
  return get(client, 'metadata', metadataByName, signal ? { signal } : {});
}
