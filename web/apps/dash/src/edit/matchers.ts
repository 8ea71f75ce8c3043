// Which fields an override is for: the ways to tell them. Source: spec grafana.md, FIELD-3.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, text, texts } from '@narthex/dashmodel/json';

export interface MatcherKind {
  id: string;
  name: string;
  /** What its options begin with. */
  fresh: unknown;
}

const kind = (id: string, name: string, fresh: unknown): MatcherKind => ({ id, name, fresh });

// Those that @grafana/data tells fields by; it knows no rules of rules.
export const MATCHER_KINDS: readonly MatcherKind[] = [
  kind('byName', 'Fields with name', ''),
  kind('byRegexp', 'Fields with name matching regex', ''),
  kind('byType', 'Fields with type', 'number'),
  kind('byFrameRefID', 'Fields returned by query', 'A'),
  kind('byValue', 'Fields with values', { reducer: 'allIsZero', op: 'gte', value: 0 }),
  kind('byNames', 'Fields with one of the names', { mode: 'include', names: [] }),
  kind('byRegexpOrNames', 'Fields with a name or matching regex', { pattern: '', names: [] }),
  kind('byTypes', 'Fields with one of the types', ['number']),
  kind('numeric', 'Numeric fields', undefined),
  kind('time', 'Time fields', undefined),
  kind('first', 'The first field', undefined),
  kind('firstTimeField', 'The first time field', undefined),
];

export const FIELD_TYPES: ReadonlyArray<readonly [id: string, name: string]> = [
  ['number', 'Number'],
  ['string', 'Text'],
  ['time', 'Time'],
  ['boolean', 'Boolean'],
  ['enum', 'Enum'],
  ['frame', 'Frame'],
  ['geo', 'Place'],
  ['other', 'Other'],
];

export const COMPARISONS = ['gte', 'gt', 'lte', 'lt', 'eq', 'neq'] as const;

export function freshMatcher(id: string): AnyRecord {
  const fresh = MATCHER_KINDS.find((one) => one.id === id)?.fresh;
  return fresh === undefined ? { id } : { id, options: fresh };
}

/** Of another kind; a name, or names, that both know stay. */
export function withMatcherKind(matcher: AnyRecord, id: string): AnyRecord {
  const { options } = matcher;
  const names = typeof options === 'string' ? [options].filter((one) => one !== '') : texts(record(options)['names']);
  switch (id) {
    case 'byName':
    case 'byRegexp':
      return { id, options: names[0] ?? '' };
    case 'byNames':
      return { id, options: { mode: 'include', names } };
    case 'byRegexpOrNames':
      return { id, options: { pattern: text(record(options)['pattern']), names } };
    default:
      return freshMatcher(id);
  }
}

/** In words, for the heading of an override. */
export function describeMatcher(matcher: AnyRecord): string {
  const id = text(matcher['id']);
  const { options } = matcher;
  const name = MATCHER_KINDS.find((one) => one.id === id)?.name ?? id;
  if (Array.isArray(options)) return `${name}: ${texts(options).join(', ')}`;
  if (id === 'byValue') {
    const { reducer, op, value } = record(options);
    return `${name}: ${text(reducer)} ${text(op)} ${text(value)}`;
  }
  if (isRecord(options)) return `${options['mode'] === 'exclude' ? 'All but' : name}: ${[text(options['pattern']), ...texts(options['names'])].filter((one) => one !== '').join(', ')}`;
  return text(options) === '' ? name : `${name}: ${text(options)}`;
}
