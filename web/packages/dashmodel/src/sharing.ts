// A dashboard for people elsewhere: what belongs to one server becomes inputs, filled in where it is imported. Pure.
import { exportJson } from './edit';
import { isRecord, number, record, records, text } from './json';
import { libraryUids, type LibraryElement } from './library';
import { allPanels, allVariables } from './migrations/walk';
import type { AnyRecord } from './types';

export interface SharingContext {
  /** Undefined for what is no data source of this server. */
  sourceOf?: (uid: string) => { name: string; type: string } | undefined;
  library?: ReadonlyMap<string, LibraryElement>;
  /** Of the server, for those who compare. */
  version?: string;
}

interface Inputs {
  byUid: Map<string, AnyRecord>;
  context: SharingContext;
}

/** Nothing that an import could replace: a variable, what every server has, an expression. */
function isFixed(uid: string, type: string): boolean {
  return uid === '' || uid.includes('$') || uid.startsWith('--') || uid === 'grafana' || type === '__expr__' || uid === '__expr__';
}

function nameFor(label: string, taken: readonly string[]): string {
  const name = `DS_${label.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
  return taken.includes(name) ? `${name}_${taken.length + 1}` : name;
}

function sourceReference(ref: AnyRecord, { byUid, context }: Inputs): AnyRecord {
  const uid = text(ref['uid']);
  if (isFixed(uid, text(ref['type']))) return ref;
  const known = context.sourceOf?.(uid);
  const type = text(ref['type']) || (known?.type ?? '');
  const label = known?.name ?? (type || 'Data source');
  const input = byUid.get(uid) ?? { name: nameFor(label, [...byUid.values()].map((one) => text(one['name']))), label, description: '', type: 'datasource', pluginId: type, pluginName: type };
  byUid.set(uid, input);
  return { ...ref, uid: `\${${text(input['name'])}}` };
}

function withInputs(value: unknown, inputs: Inputs): unknown {
  if (Array.isArray(value)) return value.map((one) => withInputs(one, inputs));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'datasource' && isRecord(inner) ? sourceReference(inner, inputs) : withInputs(inner, inputs)]));
}

/** What a variable found on this server says nothing elsewhere; a constant is asked for. */
function sharedVariable(variable: AnyRecord): { variable: AnyRecord; inputs: AnyRecord[] } {
  const type = text(variable['type']);
  if (type === 'query') return { variable: { ...variable, options: [], current: {}, refresh: number(variable['refresh'], 0) || 1 }, inputs: [] };
  if (type === 'datasource') return { variable: { ...variable, options: [], current: {} }, inputs: [] };
  if (type !== 'constant') return { variable, inputs: [] };
  const name = `VAR_${text(variable['name']).toUpperCase().replace(/\W+/g, '_')}`;
  const reference = `\${${name}}`;
  const current = { value: reference, text: reference, selected: false };
  return {
    variable: { ...variable, query: reference, current, options: [current] },
    inputs: [{ name, type: 'constant', label: text(variable['label']) || text(variable['name']), value: text(variable['query']), description: '' }],
  };
}

function requirements(panels: readonly AnyRecord[], sources: readonly AnyRecord[], version: string): AnyRecord[] {
  const types = [...new Set(panels.map((panel) => text(panel['type'])))].filter((type) => type !== '' && type !== 'row');
  const plugins = [...new Set(sources.map(({ pluginId }) => text(pluginId)))].filter((id) => id !== '');
  return [
    { type: 'grafana', id: 'grafana', name: 'Grafana', version },
    ...types.map((id) => ({ type: 'panel', id, name: id, version: '' })),
    ...plugins.map((id) => ({ type: 'datasource', id, name: id, version: '1.0.0' })),
  ].toSorted((a, b) => a.id.localeCompare(b.id));
}

/** Data sources and constants become inputs; library panels go along. Source: the form of dashboards on grafana.com. */
export function exportForSharing(dashboard: AnyRecord, context: SharingContext = {}): AnyRecord {
  const inputs: Inputs = { byUid: new Map(), context };
  const body = record(withInputs(exportJson(dashboard), inputs));
  const elements = libraryUids(dashboard).flatMap((uid) => {
    const element = context.library?.get(uid);
    const { libraryPanel: _own, id: _id, gridPos: _place, ...model } = record(withInputs(element?.model, inputs));
    return element ? [[uid, { name: element.name, uid, kind: 1, model }] as const] : [];
  });
  const shared = allVariables(body).map(sharedVariable);
  const templating = isRecord(body['templating']) ? { templating: { ...body['templating'], list: shared.map(({ variable }) => variable) } } : {};
  const sources = [...inputs.byUid.values()];
  const panels = [...allPanels(dashboard), ...elements.map(([, { model }]) => model)];
  return {
    __inputs: [...sources, ...shared.flatMap((one) => one.inputs)],
    __elements: Object.fromEntries(elements),
    __requires: requirements(panels, sources, context.version ?? ''),
    ...body,
    ...templating,
  };
}

/** What an import has to fill in and brings along, read from a file. */
export const elementsOf = (dashboard: AnyRecord): AnyRecord[] => {
  const elements = dashboard['__elements'];
  return Array.isArray(elements) ? records(elements) : Object.values(record(elements)).filter(isRecord);
};
