// Where the queries of a panel can go: a data source, each to its own, another panel, what is built in. Pure.
// Source: spec grafana.md, section 5.
import type { AnyRecord, DataSourceRef } from '@narthex/dashmodel';
import { isRecord, records, text } from '@narthex/dashmodel/json';
import type { DataSourceSettings } from '@narthex/grafanaapi';
import { isExpressionSource } from '@narthex/runner';

export const MIXED = '-- Mixed --';
export const DASHBOARD = '-- Dashboard --';
export const GRAFANA = '-- Grafana --';

export type SourceKind = 'queries' | 'mixed' | 'dashboard' | 'grafana';

export interface SourceChoice {
  value: string;
  label: string;
  description?: string;
  group: string;
}

const BUILT_IN: readonly SourceChoice[] = [
  { value: MIXED, label: MIXED, description: 'Each query has its own data source', group: 'Built in' },
  { value: DASHBOARD, label: DASHBOARD, description: 'What another panel of the dashboard was answered', group: 'Built in' },
  { value: GRAFANA, label: GRAFANA, description: 'A random walk', group: 'Built in' },
];

interface NamedVariable {
  name: string;
  type: string;
}

const ofVariable = (name: string): string => `\${${name}}`;

/** Data sources by name, variables that stand for one, and what is built in. */
export function sourceChoices(sources: ReadonlyArray<Pick<DataSourceSettings, 'uid' | 'name' | 'type'>>, variables: readonly NamedVariable[], hasBuiltIn: boolean): SourceChoice[] {
  return [
    ...sources.map(({ uid, name, type }) => ({ value: uid, label: name, description: type, group: 'Data sources' })),
    ...variables.filter(({ type }) => type === 'datasource').map(({ name }) => ({ value: ofVariable(name), label: ofVariable(name), description: 'Variable', group: 'Variables' })),
    ...(hasBuiltIn ? BUILT_IN : []),
  ];
}

export function refOf(json: AnyRecord): DataSourceRef | null {
  const ref = json['datasource'];
  return isRecord(ref) ? { uid: text(ref['uid']), type: text(ref['type']) } : null;
}

export function kindOf(ref: DataSourceRef | null): SourceKind {
  switch (ref?.uid) {
    case MIXED:
      return 'mixed';
    case DASHBOARD:
      return 'dashboard';
    case GRAFANA:
    case 'grafana':
      return 'grafana';
    default:
      return 'queries';
  }
}

/** What is chosen in a list of `sourceChoices`: a variable by any of its spellings. */
export function chosenSource(ref: DataSourceRef | null, standardUid: string | undefined): string | null {
  const uid = ref?.uid ?? '';
  const variable = /^\$\{?(\w+)\}?$/.exec(uid) ?? /^\[\[(\w+)\]\]$/.exec(uid);
  if (variable?.[1]) return ofVariable(variable[1]);
  if (uid === 'grafana') return GRAFANA;
  return kindOf(ref) === 'queries' ? (standardUid ?? null) : uid;
}

const FIRST: Readonly<Record<'dashboard' | 'grafana', AnyRecord>> = {
  dashboard: { refId: 'A' },
  grafana: { refId: 'A', queryType: 'randomWalk' },
};

/**
 * The panel with its queries going there. Queries of one kind stay: of Prometheus to another Prometheus, to several.
 * `own` is what a query is given that has no source of its own, `fresh` the first of a panel that has none to keep.
 */
export function withSource(panel: AnyRecord, ref: DataSourceRef, own: DataSourceRef, fresh: AnyRecord): AnyRecord {
  const [before, after] = [kindOf(refOf(panel)), kindOf(ref)];
  const targets = records(panel['targets']);
  const next = { ...panel, datasource: ref };
  if (after === 'dashboard' || after === 'grafana') return before === after ? next : { ...next, targets: [{ ...FIRST[after], datasource: ref }] };
  const isKept = before === 'queries' || before === 'mixed';
  const kept = isKept && targets.length > 0 ? targets : [fresh];
  const sourceOf = (target: AnyRecord): unknown => (after === 'mixed' ? (kindOf(refOf(target)) === 'queries' && refOf(target)?.uid ? target['datasource'] : own) : ref);
  return { ...next, targets: kept.map((target) => (isExpressionSource(refOf(target)) ? target : { ...target, datasource: sourceOf(target) })) };
}
