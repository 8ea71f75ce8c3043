// To which queries a transformation applies, as Grafana's files say it: one by its name, several as an expression.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';

const ID = 'byRefId';
const LIST = /^\/\^\(\?:(.*)\)\$\/$/s;

const escaped = (name: string): string => name.replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&');
const unescaped = (name: string): string => name.replace(/\\(.)/g, '$1');

function listOf(options: string): string[] {
  const inner = LIST.exec(options)?.[1];
  if (inner !== undefined) return (inner.match(/(?:\\.|[^|\\])+/g) ?? []).map(unescaped);
  return options.split('|').filter((one) => one !== '');
}

/** Whether the step says that it is for some of the queries; chosen ones or, so far, none. */
export const isNarrowed = (step: AnyRecord): boolean => record(step['filter'])['id'] === ID;

export function queriesOfStep(step: AnyRecord): string[] {
  const { id, options } = record(step['filter']);
  return id === ID ? listOf(text(options)) : [];
}

/** Undefined: for all of them. */
export function withQueries(step: AnyRecord, refIds: readonly string[] | undefined): AnyRecord {
  const { filter: _before, ...rest } = step;
  if (!refIds) return rest;
  const [only = '', ...more] = refIds;
  return { ...rest, filter: { id: ID, options: more.length > 0 || only.includes('|') ? `/^(?:${refIds.map(escaped).join('|')})$/` : only } };
}

const renamed = (names: readonly string[], from: string, to: string): string[] => names.map((one) => (one === from ? to : one));

/** The step with a query under its new name. */
export function withStepRefId(step: AnyRecord, from: string, to: string): AnyRecord {
  const isNamed = queriesOfStep(step).includes(from);
  const next = isNamed ? withQueries(step, renamed(queriesOfStep(step), from, to)) : step;
  const options = record(next['options']);
  const include = text(options['include']);
  // The names with | between them, as its form writes them.
  return next['id'] === 'filterByRefId' && !include.startsWith('/') ? { ...next, options: { ...options, include: renamed(include.split('|'), from, to).join('|') } } : next;
}

/** The names to offer: those there are, and those chosen that are gone. */
export const offeredQueries = (refIds: readonly string[], step: AnyRecord): string[] => [...new Set([...refIds, ...queriesOfStep(step)])];
