// What the filters and groupings of a dashboard mean for the queries of one data source.
import { escapeLabelValue, isMulti, type AdhocFilter, type Variable } from '@narthex/vars';

import type { TimeWindow } from '@narthex/timeutil';

import { fetchLabelValues } from './completion';
import { findDataSource, type SourceList } from './datasource';
import type { FetchResource } from './variable_query';

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

/** What is known to hold while a person chooses: whole filters, but not those that compare numbers. */
export const matchersOf = (filters: readonly AdhocFilter[]): Matcher[] => filters.filter(({ key, op, values }) => key !== '' && (isPlain(op) || isMulti(op)) && values.some((one) => one !== '')).map(matcherOf);

const isOrder = (op: string): boolean => op === '<' || op === '>';

/** Whether any of them compares a label as a number. */
export const hasOrder = (variables: readonly Variable[]): boolean => variables.some(({ filters }) => filters.some(({ op }) => isOrder(op)));

export interface OrderContext {
  sources: SourceList;
  window: TimeWindow;
  write: (text: string) => string;
  fetchResource: FetchResource;
}

async function asChoice(filter: AdhocFilter, uid: string, { window, fetchResource }: OrderContext): Promise<AdhocFilter> {
  const { key, op, values } = filter;
  const bound = Number(values[0]);
  if (!isOrder(op) || (values[0] ?? '').trim() === '' || Number.isNaN(bound)) return filter;
  const known = await fetchLabelValues(uid, key, '', window, fetchResource);
  const fitting = known.filter((one) => one.trim() !== '' && (op === '<' ? Number(one) < bound : Number(one) > bound));
  // With no value that fits, nothing is what was asked for.
  return fitting.length > 0 ? { key, op: '=|', values: fitting } : { key, op: '=', values: [`no value ${op} ${bound}`] };
}

/** Labels are texts to a Prometheus: an order becomes the choice of those values in the window that, as numbers, are within it. */
export async function withoutOrder(variables: readonly Variable[], context: OrderContext): Promise<Variable[]> {
  return Promise.all(
    variables.map(async (variable) => {
      const uid = variable.type === 'adhoc' ? findDataSource(context.sources, variable.datasource, context.write)?.uid : undefined;
      if (uid === undefined || !hasOrder([variable])) return variable;
      return { ...variable, filters: await Promise.all(variable.filters.map((filter) => asChoice(filter, uid, context))) };
    }),
  );
}

/** The filters and groupings that are for this data source, of all variables that have some. */
export function narrowingOf(variables: readonly Variable[], sources: SourceList, sourceUid: string, write: (text: string) => string): { filters: Matcher[]; groupBy: string[] } {
  const own = variables.filter(({ type, datasource }) => (type === 'adhoc' || type === 'groupby') && findDataSource(sources, datasource, write)?.uid === sourceUid);
  return {
    filters: own.flatMap(({ filters }) => filters.map(matcherOf)),
    groupBy: own.filter(({ type }) => type === 'groupby').flatMap(({ value }) => [value].flat()),
  };
}
