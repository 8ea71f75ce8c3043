import { describe, expect, test } from 'vitest';

import { exportForSharing, filled, libraryUids, loadDashboard, partedLibrary, unlinked, withLibrary, withModels, type AnyRecord, type LibraryElement } from '../src';

const source = { type: 'prometheus', uid: 'abc' };
const reference = { id: 7, gridPos: { x: 0, y: 9, w: 12, h: 8 }, libraryPanel: { uid: 'lib1', name: 'Load' } };
const element: LibraryElement = {
  uid: 'lib1',
  name: 'Load',
  model: { id: 3, type: 'graph', title: 'Load of all', gridPos: { x: 1, y: 1, w: 1, h: 1 }, datasource: { type: 'prometheus', uid: 'xyz' }, targets: [{ refId: 'A', expr: 'up' }] },
};
const library = new Map([['lib1', element]]);
const sources: Record<string, { name: string; type: string }> = { abc: { name: 'My Prom', type: 'prometheus' }, xyz: { name: 'Other', type: 'prometheus' } };
const context = { sourceOf: (uid: string) => sources[uid], library, version: '12.4.0' };

describe('export for sharing', () => {
  const shared = exportForSharing(
    {
      id: 5,
      version: 2,
      title: 'T',
      templating: {
        list: [
          { type: 'query', name: 'job', query: 'label_values(job)', refresh: 0, datasource: source, options: [{ value: 'a' }], current: { value: 'a' } },
          { type: 'constant', name: 'cluster name', label: 'Cluster', query: 'eu-1' },
          { type: 'datasource', name: 'ds', query: 'prometheus', current: { value: 'abc' } },
          { type: 'custom', name: 'c', query: 'a,b', current: { value: 'a' } },
        ],
      },
      panels: [
        { id: 1, type: 'stat', datasource: source, targets: [{ datasource: source }] },
        { id: 2, type: 'table', datasource: { type: 'datasource', uid: '-- Dashboard --' }, targets: [{ datasource: { type: '__expr__', uid: '__expr__' } }, { datasource: { type: 'prometheus', uid: '${ds}' } }] },
        { id: 3, type: 'row', collapsed: true, panels: [reference] },
      ],
    },
    context,
  );
  test('data sources and constants are inputs, by the names that they have here', () => {
    expect(shared['__inputs']).toEqual([
      { name: 'DS_MY_PROM', label: 'My Prom', description: '', type: 'datasource', pluginId: 'prometheus', pluginName: 'prometheus' },
      { name: 'DS_OTHER', label: 'Other', description: '', type: 'datasource', pluginId: 'prometheus', pluginName: 'prometheus' },
      { name: 'VAR_CLUSTER_NAME', type: 'constant', label: 'Cluster', value: 'eu-1', description: '' },
    ]);
  });
  test('nothing of the data source is left, and nothing else is replaced', () => {
    const panels = JSON.stringify(shared['panels']);
    expect(panels).not.toContain('"abc"');
    expect(panels.match(/\$\{DS_MY_PROM\}/g)).toHaveLength(2);
    for (const kept of ['-- Dashboard --', '__expr__', '${ds}']) expect(panels).toContain(kept);
    expect(shared).not.toHaveProperty('id');
    expect(shared).not.toHaveProperty('version');
  });
  test('variables forget what they found here', () => {
    const { list } = shared['templating'] as { list: AnyRecord[] };
    expect(list.map(({ query, options, current, refresh }) => ({ query, options, current, refresh }))).toEqual([
      { query: 'label_values(job)', options: [], current: {}, refresh: 1 },
      { query: '${VAR_CLUSTER_NAME}', options: [expect.anything()], current: expect.objectContaining({ value: '${VAR_CLUSTER_NAME}' }), refresh: undefined },
      { query: 'prometheus', options: [], current: {}, refresh: undefined },
      { query: 'a,b', options: undefined, current: { value: 'a' }, refresh: undefined },
    ]);
  });
  test('library panels go along, with the inputs of their own', () => {
    const elements = shared['__elements'] as Record<string, AnyRecord>;
    expect(Object.keys(elements)).toEqual(['lib1']);
    expect(elements['lib1']).toMatchObject({ name: 'Load', uid: 'lib1', kind: 1, model: { type: 'graph', datasource: { uid: '${DS_OTHER}' } } });
    expect(elements['lib1']?.['model']).not.toHaveProperty('gridPos');
  });
  test('what an importer needs is listed', () => {
    expect(shared['__requires']).toEqual([
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: '12.4.0' },
      { type: 'panel', id: 'graph', name: 'graph', version: '' },
      { type: 'datasource', id: 'prometheus', name: 'prometheus', version: '1.0.0' },
      { type: 'panel', id: 'stat', name: 'stat', version: '' },
      { type: 'panel', id: 'table', name: 'table', version: '' },
    ]);
  });
  test('two sources of one name are two inputs', () => {
    const two = exportForSharing({ panels: [{ datasource: { type: 'prometheus', uid: 'a' } }, { datasource: { type: 'prometheus', uid: 'b' } }, { datasource: { type: 'prometheus', uid: 'a' } }] });
    expect((two['__inputs'] as AnyRecord[]).map(({ name }) => name)).toEqual(['DS_PROMETHEUS', 'DS_PROMETHEUS_2']);
    expect(JSON.stringify(two['panels'])).toBe('[{"datasource":{"type":"prometheus","uid":"${DS_PROMETHEUS}"}},{"datasource":{"type":"prometheus","uid":"${DS_PROMETHEUS_2}"}},{"datasource":{"type":"prometheus","uid":"${DS_PROMETHEUS}"}}]');
  });
});

describe('library panels', () => {
  const dashboard: AnyRecord = { schemaVersion: 42, panels: [{ ...reference, repeat: 'job' }, { id: 8, libraryPanel: { uid: 'gone', name: 'Gone' } }, { id: 9, type: 'row', collapsed: true, panels: [{ ...reference, id: 10 }] }] };
  test('are named once, also in folded rows', () => expect(libraryUids(dashboard)).toEqual(['lib1', 'gone']));
  test('take the place that the dashboard gives them, of the newest kind', () => {
    const { panels } = loadDashboard(withLibrary(dashboard, library));
    expect(panels[0]).toMatchObject({ id: 7, type: 'timeseries', title: 'Load of all', repeat: 'job', libraryPanel: 'Load', gridPos: reference.gridPos });
    expect(panels[1]).toMatchObject({ id: 8, type: 'unknown', libraryPanel: 'Gone' });
    expect(panels[2]?.panels[0]).toMatchObject({ id: 10, type: 'timeseries' });
  });
  test('can become panels of the dashboard', () => {
    const own = unlinked(reference, element);
    expect(own).toMatchObject({ id: 7, type: 'timeseries', gridPos: reference.gridPos });
    expect(own).not.toHaveProperty('libraryPanel');
  });
});

describe('UI-12: a library panel under edit', () => {
  const place = { ...reference, repeat: 'job' };
  const whole = filled(place, element);
  test('what is the library\'s goes to the library, without the place it has here', () => {
    const { panel, model } = partedLibrary(place, element, { ...whole, title: 'Load of some' });
    expect(panel).toEqual(place);
    expect(model).toMatchObject({ title: 'Load of some', targets: [{ expr: 'up' }], gridPos: { x: 1, y: 1, w: 1, h: 1 } });
    expect(model).not.toHaveProperty('libraryPanel');
    expect(model).not.toHaveProperty('repeat');
    expect(filled(place, { ...element, model: model ?? {} })).toEqual({ ...whole, title: 'Load of some' });
  });
  test('what is the dashboard\'s stays there', () => {
    const { repeat: _repeat, ...once } = whole;
    expect(partedLibrary(place, element, { ...once, gridPos: { x: 0, y: 0, w: 24, h: 8 } })).toEqual({ panel: { ...reference, gridPos: { x: 0, y: 0, w: 24, h: 8 } } });
  });
  test('every dashboard panel of it is drawn with the model in hand', () => {
    const next = withModels(library, { lib1: { type: 'stat', title: 'Other' }, gone: {} });
    expect([...next.keys()]).toEqual(['lib1']);
    expect(withLibrary({ panels: [reference, { ...reference, id: 8 }] }, next)).toMatchObject({ panels: [{ id: 7, title: 'Other' }, { id: 8, title: 'Other' }] });
    expect(withModels(library, {})).toBe(library);
  });
});
