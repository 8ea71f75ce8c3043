// A query of schema v2: which plugin understands it, whose data source, and what it says.
import { record, text } from '../json';
import type { AnyRecord } from '../types';

export interface Query {
  datasource: AnyRecord;
  spec: AnyRecord;
}

/** v2alpha1 named the plugin by the query's kind and the data source beside it; since v2beta1 the query has both. */
export function queryOf(holder: AnyRecord): Query {
  const query = record(holder['query']);
  const beside = record(holder['datasource']);
  const type = text(query['group']) || (query['kind'] === 'DataQuery' ? '' : text(query['kind'])) || text(beside['type']);
  const uid = text(record(query['datasource'])['name']) || text(beside['uid']) || (type === '__expr__' ? type : '');
  return { datasource: { ...(type && { type }), ...(uid && { uid }) }, spec: record(query['spec']) };
}
