// Which data source a reference in a dashboard means.
import type { DataSourceRef } from '@narthex/dashmodel';
import type { DataSourceSettings, FrontendSettings } from '@narthex/grafanaapi';

export type SourceList = Pick<FrontendSettings, 'dataSources' | 'defaultDataSource'>;

/** By uid, then by name, for nothing the default; undefined when there is no such source. */
export function findDataSource(list: SourceList, ref: DataSourceRef | null, write: (text: string) => string): DataSourceSettings | undefined {
  const sources = list.dataSources;
  const uid = write(ref?.uid ?? '');
  if (uid !== '' && uid !== 'default') {
    return sources.find((source) => source.uid === uid) ?? sources.find((source) => source.name === uid);
  }
  const standard = sources.find(({ isDefault }) => isDefault) ?? sources.find(({ name }) => name === list.defaultDataSource);
  if (!ref?.type || standard?.type === ref.type) return standard;
  return sources.find(({ type }) => type === ref.type) ?? standard;
}
