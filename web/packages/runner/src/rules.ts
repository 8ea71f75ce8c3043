// The recording rules of a data source.
import { record, records, text } from '@narthex/dashmodel/json';

import type { FetchResource } from './variable_query';

export interface RecordedBy {
  name: string;
  expr: string;
  labels: Readonly<Record<string, string>>;
}

export async function fetchRecordingRules(uid: string, fetchResource: FetchResource): Promise<RecordedBy[]> {
  const answer = record(await fetchResource(uid, 'api/v1/rules', new URLSearchParams({ type: 'record' })));
  return records(answer['groups'])
    .flatMap(({ rules }) => records(rules))
    .filter(({ type }) => type === 'recording')
    .map((rule) => ({
      name: text(rule['name']),
      expr: text(rule['query']),
      labels: Object.fromEntries(Object.entries(record(rule['labels'])).map(([name, value]) => [name, text(value)])),
    }));
}
