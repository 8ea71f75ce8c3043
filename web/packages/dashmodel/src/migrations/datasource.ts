// 33 and 36: a data source was a name, and nothing meant the default; it becomes {type, uid}.
import { isRecord, record, records } from '../json';
import type { AnyRecord } from '../types';
import { allPanels, allVariables } from './walk';

// A name cannot be told from a uid here; the runner resolves either against the list of sources.
function reference(value: unknown): AnyRecord | null {
  if (isRecord(value)) return value;
  if (typeof value !== 'string' || value === '' || value === 'default') return null;
  return { uid: value };
}

export function datasourceReferences(dashboard: AnyRecord): void {
  for (const annotation of records(record(dashboard['annotations'])['list'])) annotation['datasource'] = reference(annotation['datasource']);
  for (const panel of allPanels(dashboard)) {
    if (panel['type'] === 'row') continue;
    panel['datasource'] = reference(panel['datasource']);
    const targets = records(panel['targets']);
    for (const target of targets) target['datasource'] = reference(target['datasource']) ?? panel['datasource'];
    const first = targets[0];
    if (panel['datasource'] === null && first?.['datasource']) panel['datasource'] = first['datasource'];
  }
  for (const variable of allVariables(dashboard)) {
    if (variable['type'] === 'query') variable['datasource'] = reference(variable['datasource']);
  }
}
