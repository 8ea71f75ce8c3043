// Which data source a reference in a dashboard means.
import type { DataSourceRef } from '@narthex/dashmodel';
import type { DataSourceSettings, FrontendSettings } from '@narthex/grafanaapi';

export type SourceList = Pick<FrontendSettings, 'dataSources' | 'defaultDataSource'>;

/** What a panel asks cannot be answered by any source here; its JSON stays as it is. */
export class UnsupportedSource extends Error {}

// Types that stand for another one: earlier names, and stores that speak PromQL.
const SAME_AS: Readonly<Record<string, string>> = {
  testdata: 'grafana-testdata-datasource',
  'victoriametrics-metrics-datasource': 'prometheus',
  'grafana-amazonprometheus-datasource': 'prometheus',
  'grafana-azureprometheus-datasource': 'prometheus',
};

export const sourceType = (type: string): string => SAME_AS[type] ?? type;

// Mixed: each query names its own source, and one that names none means the default.
const MIXED = '-- Mixed --';

function standardSource(list: SourceList): DataSourceSettings | undefined {
  return list.dataSources.find(({ isDefault }) => isDefault) ?? list.dataSources.find(({ name }) => name === list.defaultDataSource);
}

/**
 * By uid, then by name, for nothing the default. A reference that a file brought from elsewhere - an input nobody
 * filled in, or a Prometheus that is not here - means the Prometheus that is. Undefined when there is no such source.
 */
export function findDataSource(list: SourceList, ref: DataSourceRef | null, write: (text: string) => string): DataSourceSettings | undefined {
  const sources = list.dataSources;
  const uid = write(ref?.uid ?? '');
  const type = sourceType(ref?.type ?? '');
  if (uid !== '' && uid !== 'default' && uid !== MIXED) {
    const known = sources.find((source) => source.uid === uid) ?? sources.find((source) => source.name === uid);
    if (known) return known;
    if (!uid.includes('$') && type !== 'prometheus') return undefined;
  }
  const standard = standardSource(list);
  if (!type || uid === MIXED || standard?.type === type) return standard;
  const ofType = sources.find((source) => source.type === type);
  return ofType ?? (type === 'datasource' ? standard : undefined);
}
