// What the filters and groupings of a dashboard mean for the queries of one data source.
import { escapeLabelValue, isMulti, type AdhocFilter, type Variable } from '@narthex/vars';

import { findDataSource, type SourceList } from './datasource';

/** Puts filters into an expression for the data source of that uid. Throws where the expression is not understood. */
export type Narrow = (expr: string, sourceUid: string) => string;

type MatchOp = '=' | '!=' | '=~' | '!~';

interface Matcher {
  label: string;
  op: MatchOp;
  value: string;
}

const PLAIN: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~']);
const isPlain = (op: string): op is MatchOp => PLAIN.has(op);
const escapeRegex = (text: string): string => text.replace(/[$^*+?.()|[\]{}\\]/g, '\\$&');

function matcherOf({ key, op, values }: AdhocFilter): Matcher {
  if (isMulti(op)) return { label: key, op: op === '=|' ? '=~' : '!~', value: values.map(escapeRegex).join('|') };
  if (!isPlain(op)) throw new Error(`The filter ${key} ${op} ${values[0] ?? ''} is not for Prometheus: its labels are texts.`);
  return { label: key, op, value: values[0] ?? '' };
}

/** The filters as matchers, for text that names the variable. */
export const matchersText = (filters: readonly AdhocFilter[]): string =>
  filters
    .map(matcherOf)
    .map(({ label, op, value }) => `${label}${op}"${escapeLabelValue(value)}"`)
    .join(',');

/** The filters and groupings that are for this data source, of all variables that have some. */
export function narrowingOf(variables: readonly Variable[], sources: SourceList, sourceUid: string, write: (text: string) => string): { filters: Matcher[]; groupBy: string[] } {
  const own = variables.filter(({ type, datasource }) => (type === 'adhoc' || type === 'groupby') && findDataSource(sources, datasource, write)?.uid === sourceUid);
  return {
    filters: own.flatMap(({ filters }) => filters.map(matcherOf)),
    groupBy: own.filter(({ type }) => type === 'groupby').flatMap(({ value }) => [value].flat()),
  };
}
