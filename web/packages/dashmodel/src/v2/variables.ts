// Variables and annotations of schema v2.
import { record, text } from '../json';
import type { AnyRecord } from '../types';
import { queryOf } from './sources';

const HIDE: Readonly<Record<string, number>> = { dontHide: 0, hideLabel: 1, hideVariable: 2, inControlsMenu: 3 };
const REFRESH: Readonly<Record<string, number>> = { never: 0, onDashboardLoad: 1, onTimeRangeChanged: 2 };
const SORT = [
  'disabled',
  'alphabeticalAsc',
  'alphabeticalDesc',
  'numericalAsc',
  'numericalDesc',
  'alphabeticalCaseInsensitiveAsc',
  'alphabeticalCaseInsensitiveDesc',
  'naturalAsc',
  'naturalDesc',
];
const TYPES: Readonly<Record<string, string>> = {
  QueryVariable: 'query',
  TextVariable: 'textbox',
  ConstantVariable: 'constant',
  DatasourceVariable: 'datasource',
  IntervalVariable: 'interval',
  CustomVariable: 'custom',
  GroupByVariable: 'groupby',
  AdhocVariable: 'adhoc',
  SwitchVariable: 'switch',
};

/** What only one kind of variable says. */
function ofKind(variable: AnyRecord, spec: AnyRecord): AnyRecord {
  switch (variable['kind']) {
    case 'QueryVariable': {
      const { datasource, spec: query } = queryOf(spec);
      // A query that was plain text stands under this name.
      return { datasource, query: query['__legacyStringValue'] ?? query };
    }
    case 'DatasourceVariable':
      return { query: text(spec['pluginId']) };
    case 'GroupByVariable':
    case 'AdhocVariable': {
      const beside = record(spec['datasource']);
      const uid = text(record(variable['datasource'])['name']) || text(beside['uid']);
      const type = text(variable['group']) || text(beside['type']);
      return { datasource: { ...(type && { type }), ...(uid && { uid }) } };
    }
    case 'SwitchVariable':
      return { current: { text: text(spec['current']), value: text(spec['current']) } };
    default:
      return {};
  }
}

/** Undefined for a kind that is not known. */
export function variableOf(variable: AnyRecord): AnyRecord | undefined {
  const type = TYPES[text(variable['kind'])];
  if (type === undefined) return undefined;
  const spec = record(variable['spec']);
  const { pluginId: _pluginId, ...kept } = spec;
  return {
    ...kept,
    type,
    hide: HIDE[text(spec['hide'])] ?? 0,
    ...(spec['refresh'] === undefined ? {} : { refresh: REFRESH[text(spec['refresh'])] ?? 0 }),
    ...(spec['sort'] === undefined ? {} : { sort: Math.max(0, SORT.indexOf(text(spec['sort']))) }),
    ...ofKind(variable, spec),
  };
}

export function annotationOf(annotation: AnyRecord): AnyRecord {
  const spec = record(annotation['spec']);
  const { query: _query, datasource: _datasource, legacyOptions, builtIn, ...kept } = spec;
  const { datasource, spec: asked } = queryOf(spec);
  const isBuiltIn = builtIn === true;
  return { ...record(legacyOptions), ...asked, ...kept, target: asked, builtIn: isBuiltIn ? 1 : 0, datasource: isBuiltIn ? { type: 'grafana', uid: '-- Grafana --' } : datasource };
}
