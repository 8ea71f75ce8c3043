import { describe, expect, test } from 'vitest';

import { loadDashboard, UnsupportedDashboard, type AnyRecord, type Dashboard } from '../src';

const onePanel = (panel: AnyRecord, rest: AnyRecord = {}): Dashboard =>
  loadDashboard({ panels: [{ id: 1, type: 'timeseries', ...panel }], ...rest });
const first = (dashboard: Dashboard) => {
  const [panel] = dashboard.panels;
  if (!panel) throw new Error('no panel');
  return panel;
};

describe('rows become a grid', () => {
  const rows = [
    { height: '250px', panels: [{ id: 1, span: 6 }, { id: 2, span: 6 }, { id: 3, span: 12, height: 100 }] },
    { height: 76, panels: [{ id: 4 }] },
  ];
  test('without titles there are no row panels', () => {
    const { panels } = loadDashboard({ rows });
    expect(panels.map(({ id, gridPos: { x, y, w, h } }) => [id, x, y, w, h])).toEqual([
      [1, 0, 0, 12, 7],
      [2, 12, 0, 12, 7],
      [3, 0, 7, 24, 3],
      [4, 0, 10, 8, 3],
    ]);
  });
  test('a folded row keeps its panels inside', () => {
    const [open, folded] = rows;
    const { panels } = loadDashboard({ rows: [{ ...open, title: 'Open' }, { ...folded, title: 'Folded', collapse: true }] });
    expect(panels.map(({ type, title, gridPos }) => [type, title, gridPos.y])).toEqual([
      ['row', 'Open', 0],
      ['unknown', '', 1],
      ['unknown', '', 1],
      ['unknown', '', 8],
      ['row', 'Folded', 11],
    ]);
    expect(panels.at(-1)?.panels.map(({ id }) => id)).toEqual([4]);
  });
});

describe('data sources', () => {
  test('a name becomes a reference that the queries inherit', () => {
    const panel = first(onePanel({ datasource: 'Prom', targets: [{ expr: 'up' }] }));
    expect(panel.datasource).toEqual({ uid: 'Prom' });
    expect(panel.targets).toEqual([{ expr: 'up', refId: 'A', hide: false, datasource: { uid: 'Prom' } }]);
  });
  test('"default" is the default source', () => {
    expect(first(onePanel({ datasource: 'default' })).datasource).toBeNull();
  });
  test('the source of the query wins over the default of the panel', () => {
    const panel = first(onePanel({ targets: [{ datasource: { type: 'prometheus', uid: 'p' } }] }));
    expect(panel.datasource).toEqual({ type: 'prometheus', uid: 'p' });
  });
});

test.each([
  [{ displayMode: 'hidden' }, { displayMode: 'list', showLegend: false }],
  [{ displayMode: 'table', showLegend: false }, { displayMode: 'list', showLegend: false }],
  [{ displayMode: 'table' }, { displayMode: 'table', showLegend: true }],
])('legend %j', (legend, want) => {
  expect(first(onePanel({ options: { legend } })).options['legend']).toEqual(want);
});

test.each([
  [{ type: 1, value: '1', text: 'Up' }, { type: 'value', options: { 1: { text: 'Up' } } }],
  [{ type: 2, from: '0', to: '5', text: 'Low' }, { type: 'range', options: { from: 0, to: 5, result: { text: 'Low' } } }],
  [{ type: 1, value: 'null', text: 'N/A' }, { type: 'special', options: { match: 'null', result: { text: 'N/A' } } }],
])('mapping %j', (mapping, want) => {
  const panel = first(onePanel({ fieldConfig: { defaults: { mappings: [mapping] }, overrides: [] } }));
  expect(panel.fieldConfig.defaults['mappings']).toEqual([want]);
});

test('table cells', () => {
  const fieldConfig = {
    defaults: { custom: { displayMode: 'color-background-solid' } },
    overrides: [{ matcher: { id: 'byName', options: 'x' }, properties: [{ id: 'custom.displayMode', value: 'lcd-gauge' }] }],
  };
  const panel = first(onePanel({ type: 'table', fieldConfig }));
  expect(panel.fieldConfig.defaults['custom']).toEqual({ cellOptions: { type: 'color-background', mode: 'basic' } });
  expect(panel.fieldConfig.overrides[0]?.properties).toEqual([
    { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'lcd' } },
  ]);
});

test('ids and letters are given where they are missing', () => {
  const dashboard = loadDashboard({ panels: [{ id: 7, targets: [{ refId: 'B' }, {}, {}] }, {}] });
  expect(dashboard.panels.map(({ id }) => id)).toEqual([7, 8]);
  expect(dashboard.panels[0]?.targets.map(({ refId }) => refId)).toEqual(['B', 'A', 'C']);
});

test('variables', () => {
  const list = [
    { name: 'a', type: 'query', refresh: true, multi: true, current: { text: 'x', value: 'x' } },
    { name: 'b', type: 'constant', query: 'v' },
    { name: '', type: 'query' },
  ];
  const { variables } = loadDashboard({ templating: { list } });
  expect(variables).toMatchObject([
    { name: 'a', refresh: 1, options: [], current: { text: ['x'], value: ['x'] } },
    { name: 'b', type: 'textbox' },
  ]);
});

test.each([
  [30, ''],
  [true, ''],
  ['5s', '5s'],
])('refresh %j', (refresh, want) => expect(loadDashboard({ refresh }).refresh).toBe(want));

test('nothing is changed in a dashboard of the newest schema', () => {
  const panel = first(onePanel({ options: { legend: { displayMode: 'hidden' } } }, { schemaVersion: 42 }));
  expect(panel.options['legend']).toEqual({ displayMode: 'hidden' });
});

test('defaults', () => {
  expect(loadDashboard({})).toMatchObject({ title: 'Untitled', time: { from: 'now-6h', to: 'now' }, timezone: '' });
});

test.each([[null], ['text'], [[]], [{ elements: {}, layout: {} }], [{ apiVersion: 'folder.grafana.app/v1', kind: 'Folder', spec: {} }]])('%j is refused', (source) => {
  expect(() => loadDashboard(source)).toThrow(UnsupportedDashboard);
});

test('what a dashboard says of its time picker, its controls and who may change it', () => {
  const { quickRanges, nowDelay, isEditable, links, annotations } = loadDashboard({
    editable: false,
    timepicker: { nowDelay: '1m', quick_ranges: [{ display: 'A shift', from: 'now-8h', to: 'now' }, { display: 'No end', from: 'now-8h' }] },
    links: [{ title: 'a', placement: 'inControlsMenu' }, { title: 'b' }],
    annotations: { list: [{ name: 'x', placement: 'inControlsMenu' }] },
  });
  expect({ quickRanges, nowDelay, isEditable }).toEqual({ quickRanges: [{ display: 'A shift', from: 'now-8h', to: 'now' }], nowDelay: '1m', isEditable: false });
  expect(links.map(({ isInMenu }) => isInMenu)).toEqual([true, false]);
  expect(annotations.map(({ isInMenu }) => isInMenu)).toEqual([false, true]);
  expect(loadDashboard({}).isEditable).toBe(true);
});
