// Elements of schema v2 as panels, not yet placed.
import { record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { queryOf } from './sources';

function target(query: AnyRecord): AnyRecord {
  const holder = record(query['spec']);
  const { datasource, spec } = queryOf(holder);
  return { ...spec, refId: text(holder['refId'], 'A'), hide: holder['hidden'] === true, datasource };
}

/** The steps' own ids: in their kind, in the group, in the specification, as the versions have it. */
function transformation(step: AnyRecord): AnyRecord {
  const spec = record(step['spec']);
  const id = text(spec['id']) || text(step['group']) || text(step['kind']);
  return { ...spec, id, options: record(spec['options']) };
}

const MIXED = { type: 'datasource', uid: '-- Mixed --' };

function sharedSource(targets: readonly AnyRecord[]): AnyRecord | undefined {
  const asking = targets.map(({ datasource }) => record(datasource)).filter(({ type }) => type !== '__expr__');
  const [first] = asking;
  if (!first) return undefined;
  return asking.every(({ uid, type }) => uid === first['uid'] && type === first['type']) ? first : MIXED;
}

const KEPT_OPTIONS = ['timeFrom', 'timeShift', 'timeCompare', 'maxDataPoints', 'interval', 'cacheTimeout', 'queryCachingTTL', 'hideTimeOverride'] as const;

function panel(spec: AnyRecord): AnyRecord {
  const viz = record(spec['vizConfig']);
  const look = record(viz['spec']);
  const data = record(record(spec['data'])['spec']);
  const targets = records(data['queries']).map(target);
  const options = record(data['queryOptions']);
  const datasource = sharedSource(targets);
  return {
    id: spec['id'],
    type: text(viz['group']) || text(viz['kind']),
    pluginVersion: text(viz['version']) || text(look['pluginVersion']),
    title: text(spec['title']),
    description: text(spec['description']),
    links: records(spec['links']),
    transparent: spec['transparent'] === true,
    options: record(look['options']),
    fieldConfig: record(look['fieldConfig']),
    targets,
    transformations: records(data['transformations']).map(transformation),
    ...(datasource ? { datasource } : {}),
    ...Object.fromEntries(KEPT_OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))),
  };
}

/** Undefined for a kind of element that there is none of here. */
export function panelOf(element: AnyRecord): AnyRecord | undefined {
  const spec = record(element['spec']);
  if (element['kind'] === 'Panel') return panel(spec);
  if (element['kind'] !== 'LibraryPanel') return undefined;
  return { id: spec['id'], title: text(spec['title']), libraryPanel: record(spec['libraryPanel']) };
}
