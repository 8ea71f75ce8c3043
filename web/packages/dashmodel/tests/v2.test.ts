import { describe, expect, test } from 'vitest';

import { buildSections, classic, isV2, loadDashboard, migrate, type AnyRecord } from '../src';
import { fromV2 } from '../src/v2/convert';

const load = (source: AnyRecord) => loadDashboard(fromV2(source).dashboard);

const reference = (name: string): AnyRecord => ({ element: { kind: 'ElementReference', name } });
const element = (id: number, more: AnyRecord = {}): AnyRecord => ({
  kind: 'Panel',
  spec: {
    id,
    title: `Panel ${id}`,
    vizConfig: { kind: 'VizConfig', group: 'timeseries', version: '12.2.0', spec: { options: { legend: { showLegend: false } }, fieldConfig: { defaults: { unit: 's' }, overrides: [] } } },
    data: { kind: 'QueryGroup', spec: { queries: [], transformations: [], queryOptions: {} } },
    ...more,
  },
});
const query = (refId: string, group: string, name: string, spec: AnyRecord, hidden = false): AnyRecord => ({
  kind: 'PanelQuery',
  spec: { refId, hidden, query: { kind: 'DataQuery', group, version: 'v0', datasource: { name }, spec } },
});
const item = (name: string, [x, y, width, height]: number[], more: AnyRecord = {}): AnyRecord => ({ kind: 'GridLayoutItem', spec: { x, y, width, height, ...reference(name), ...more } });
const grid = (...items: AnyRecord[]): AnyRecord => ({ kind: 'GridLayout', spec: { items } });
const row = (title: string, layout: AnyRecord, more: AnyRecord = {}): AnyRecord => ({ kind: 'RowsLayoutRow', spec: { title, layout, ...more } });
const rows = (...all: AnyRecord[]): AnyRecord => ({ kind: 'RowsLayout', spec: { rows: all } });
const auto = (spec: AnyRecord, ...names: string[]): AnyRecord => ({ kind: 'AutoGridLayout', spec: { ...spec, items: names.map((name) => ({ kind: 'AutoGridLayoutItem', spec: reference(name) })) } });
const elements = Object.fromEntries([1, 2, 3, 4, 5].map((id) => [`panel-${id}`, element(id)]));
const dashboard = (layout: AnyRecord, more: AnyRecord = {}): AnyRecord => ({ title: 'T', elements, layout, ...more });

/** Type, title or id, and place of each panel; what is folded into a row behind it. */
function placed(json: AnyRecord): unknown[] {
  return load(json).panels.map(({ type, id, title, gridPos: { x, y, w, h }, panels }) => [type === 'row' ? title : id, x, y, w, h, ...panels.map((one) => one.id)]);
}

test.each<[string, AnyRecord, boolean]>([
  ['a specification', dashboard(grid()), true],
  ['a resource', { apiVersion: 'dashboard.grafana.app/v2beta1', kind: 'Dashboard', metadata: { name: 'u' }, spec: dashboard(grid()) }, true],
  ['a classic resource', { apiVersion: 'dashboard.grafana.app/v1beta1', kind: 'Dashboard', metadata: { name: 'u' }, spec: { panels: [] } }, false],
  ['a classic file', { panels: [] }, false],
])('%s is told from the others', (_name, source, want) => expect(isV2(source)).toBe(want));

test('a resource has its uid by its name, of either form', () => {
  const resource = (version: string, spec: AnyRecord): AnyRecord => ({ apiVersion: `dashboard.grafana.app/${version}`, kind: 'Dashboard', metadata: { name: 'my-uid' }, spec });
  expect(load(resource('v2', dashboard(grid(item('panel-1', [0, 0, 12, 8])))))).toMatchObject({ uid: 'my-uid', title: 'T', panels: [{ id: 1 }] });
  expect(loadDashboard(resource('v1beta1', { title: 'C', panels: [{ id: 4, type: 'text' }] }))).toMatchObject({ uid: 'my-uid', title: 'C', panels: [{ id: 4 }] });
});

test('only what is of schema v2 is converted', async () => {
  expect(await classic({ panels: [] })).toEqual({ panels: [] });
  expect(await classic('text')).toBe('text');
  expect(await classic(dashboard(grid(item('panel-1', [0, 0, 12, 8]))))).toMatchObject({ title: 'T', panels: [{ id: 1 }] });
});

test('what is converted is classic for good: a second migration changes nothing', () => {
  const once = migrate(fromV2(dashboard(rows(row('A', grid(item('panel-1', [0, 0, 12, 8])), { collapse: true })))).dashboard);
  expect(once['elements']).toBeUndefined();
  expect(migrate(once)).toEqual(once);
});

describe('layouts', () => {
  test.each<[string, AnyRecord, unknown[]]>([
    ['a grid', grid(item('panel-1', [0, 0, 12, 8]), item('panel-2', [12, 0, 12, 5])), [[1, 0, 0, 12, 8], [2, 12, 0, 12, 5]]],
    [
      'rows, one of them folded',
      rows(row('A', grid(item('panel-1', [0, 0, 24, 6]))), row('B', grid(item('panel-2', [0, 0, 24, 6])), { collapse: true }), row('C', grid(item('panel-3', [0, 0, 6, 4])))),
      [['A', 0, 0, 24, 1], [1, 0, 1, 24, 6], ['B', 0, 7, 24, 1, 2], ['C', 0, 8, 24, 1], [3, 0, 9, 6, 4]],
    ],
    ['a row without a heading', rows(row('A', grid(item('panel-1', [0, 0, 24, 6])), { hideHeader: true }), row('B', grid(item('panel-2', [0, 0, 24, 6])))), [[1, 0, 0, 24, 6], ['B', 0, 6, 24, 1], [2, 0, 7, 24, 6]]],
    ['an automatic grid', auto({ maxColumnCount: 3, columnWidthMode: 'standard', rowHeightMode: 'standard' }, 'panel-1', 'panel-2', 'panel-3', 'panel-4'), [[1, 0, 0, 8, 8], [2, 8, 0, 8, 8], [3, 16, 0, 8, 8], [4, 0, 8, 8, 8]]],
    ['its own widths and heights', auto({ maxColumnCount: 9, columnWidthMode: 'custom', columnWidth: 800, rowHeightMode: 'custom', rowHeight: 190 }, 'panel-1', 'panel-2', 'panel-3'), [[1, 0, 0, 12, 5], [2, 12, 0, 12, 5], [3, 0, 5, 12, 5]]],
    ['few panels in wide columns', auto({ columnWidthMode: 'narrow', rowHeightMode: 'short' }, 'panel-1', 'panel-2'), [[1, 0, 0, 12, 4], [2, 12, 0, 12, 4]]],
    [
      'tabs, the first of them open',
      { kind: 'TabsLayout', spec: { tabs: [{ kind: 'TabsLayoutTab', spec: { title: 'One', layout: grid(item('panel-1', [0, 0, 24, 6])) } }, { kind: 'TabsLayoutTab', spec: { title: 'Two', layout: rows(row('Inner', grid(item('panel-2', [0, 0, 24, 6])))) } }] } },
      [['One', 0, 0, 24, 1], [1, 0, 1, 24, 6], ['Two', 0, 7, 24, 1], ['Two / Inner', 0, 8, 24, 1], [2, 0, 9, 24, 6]],
    ],
  ])('%s', (_name, layout, want) => expect(placed(dashboard(layout))).toEqual(want));

  test('panels and rows are repeated', () => {
    const [top, panel] = load(dashboard(rows(row('A', grid(item('panel-1', [0, 0, 12, 8], { repeat: { mode: 'variable', value: 'host', direction: 'v', maxPerRow: 2 } })), { repeat: { mode: 'variable', value: 'job' } })))).panels;
    expect(top).toMatchObject({ type: 'row', repeat: 'job' });
    expect(panel).toMatchObject({ repeat: 'host', repeatDirection: 'v', maxPerRow: 2 });
  });

  test('the sections that are drawn are those of the rows', () => {
    const { panels } = load(dashboard(rows(row('A', grid(item('panel-1', [0, 0, 12, 8]))), row('B', auto({}, 'panel-2', 'panel-3')))));
    expect(buildSections(panels).map(({ row: heading, panels: own }) => [heading?.title, own.map(({ panel }) => panel.id)])).toEqual([['A', [1]], ['B', [2, 3]]]);
  });

  test.each<[string, AnyRecord, string]>([
    ['tabs', { kind: 'TabsLayout', spec: { tabs: [] } }, 'Tabs are shown as rows'],
    ['conditions', rows(row('A', grid(), { conditionalRendering: { kind: 'ConditionalRenderingGroup', spec: {} } })), 'Conditions for showing are not kept'],
    ['an element that is not there', grid(item('panel-9', [0, 0, 1, 1])), 'The element "panel-9" is no panel'],
    ['variables of a row', rows(row('A', grid(), { variables: [{ kind: 'CustomVariable', spec: { name: 'v' } }] })), 'variables of the whole dashboard'],
    ['a layout of tomorrow', { kind: 'SpiralLayout', spec: {} }, 'A layout of the kind "SpiralLayout"'],
  ])('of %s a person is told', (_name, layout, want) => expect(fromV2(dashboard(layout)).notes.join('\n')).toContain(want));

  test('of a plain grid there is nothing to tell', () => expect(fromV2(dashboard(grid(item('panel-1', [0, 0, 12, 8])))).notes).toEqual([]));
});

describe('panels', () => {
  const one = (more: AnyRecord) => load({ title: 'T', elements: { a: element(7, more) }, layout: grid(item('a', [0, 0, 12, 8])) }).panels[0];
  const data = (spec: AnyRecord): AnyRecord => ({ data: { kind: 'QueryGroup', spec } });

  test('what a panel is and looks like', () => {
    expect(one({ description: 'D', transparent: true, links: [{ title: 'L', url: '/d/x', targetBlank: true }] })).toMatchObject({
      id: 7,
      type: 'timeseries',
      title: 'Panel 7',
      description: 'D',
      transparent: true,
      links: [{ title: 'L', url: '/d/x', targetBlank: true }],
      options: { legend: { showLegend: false } },
      fieldConfig: { defaults: { unit: 's' } },
    });
  });

  test('its queries, with where they are asked', () => {
    const panel = one(data({ queries: [query('A', 'prometheus', 'p', { expr: 'up', range: true }), query('B', 'prometheus', 'p', { expr: 'down' }, true), query('C', '__expr__', '', { type: 'math', expression: '$A' })] }));
    expect(panel?.datasource).toEqual({ type: 'prometheus', uid: 'p' });
    expect(panel?.targets).toEqual([
      { refId: 'A', hide: false, expr: 'up', range: true, datasource: { type: 'prometheus', uid: 'p' } },
      { refId: 'B', hide: true, expr: 'down', datasource: { type: 'prometheus', uid: 'p' } },
      { refId: 'C', hide: false, type: 'math', expression: '$A', datasource: { type: '__expr__', uid: '__expr__' } },
    ]);
  });

  test('queries of several sources', () => {
    expect(one(data({ queries: [query('A', 'prometheus', 'p', {}), query('B', 'prometheus', 'q', {})] }))?.datasource).toEqual({ type: 'datasource', uid: '-- Mixed --' });
  });

  test('its options of asking, and its transformations in every form that they had', () => {
    const transformations = [
      { kind: 'reduce', spec: { id: 'reduce', options: { reducers: ['max'] } } },
      { kind: 'Transformation', group: 'merge', spec: { disabled: true, options: {} } },
      { kind: 'sortBy', spec: { options: { sort: [] } } },
    ];
    const panel = one(data({ transformations, queryOptions: { timeFrom: '2h', timeShift: '1d', interval: '30s', maxDataPoints: 50, hideTimeOverride: true } }));
    expect(panel).toMatchObject({ timeFrom: '2h', timeShift: '1d', interval: '30s', maxDataPoints: 50, hideTimeOverride: true });
    expect(panel?.transformations.map(({ id, disabled }) => [id, disabled])).toEqual([['reduce', undefined], ['merge', true], ['sortBy', undefined]]);
  });

  test('the form of v2alpha1', () => {
    const queries = [{ kind: 'PanelQuery', spec: { refId: 'A', hidden: false, datasource: { type: 'prometheus', uid: 'p' }, query: { kind: 'prometheus', spec: { expr: 'up' } } } }];
    expect(one({ vizConfig: { kind: 'stat', spec: { pluginVersion: '12', options: { a: 1 }, fieldConfig: {} } }, ...data({ queries }) })).toMatchObject({ type: 'stat', options: { a: 1 }, targets: [{ refId: 'A', expr: 'up', datasource: { type: 'prometheus', uid: 'p' } }] });
  });

  test('a library panel', () => {
    const source = { title: 'T', elements: { a: { kind: 'LibraryPanel', spec: { id: 3, title: 'L', libraryPanel: { uid: 'u', name: 'N' } } } }, layout: grid(item('a', [0, 0, 6, 6])) };
    expect(load(source).panels[0]).toMatchObject({ id: 3, title: 'L', libraryPanel: 'N' });
  });
});

describe('variables', () => {
  const common = { name: 'v', label: 'V', hide: 'hideLabel', skipUrlSync: true, current: { text: 'a', value: 'a' } };
  test.each<[string, AnyRecord, AnyRecord]>([
    [
      'query',
      { kind: 'QueryVariable', spec: { ...common, refresh: 'onTimeRangeChanged', sort: 'numericalDesc', regex: '/x/', multi: true, includeAll: true, allValue: '.*', query: { kind: 'DataQuery', group: 'prometheus', datasource: { name: 'p' }, spec: { query: 'label_values(up, job)', refId: 'R' } } } },
      { type: 'query', hide: 1, refresh: 2, sort: 4, regex: '/x/', multi: true, includeAll: true, allValue: '.*', query: { query: 'label_values(up, job)', refId: 'R' }, datasource: { type: 'prometheus', uid: 'p' } },
    ],
    ['query as text', { kind: 'QueryVariable', spec: { ...common, query: { kind: 'DataQuery', group: 'prometheus', spec: { __legacyStringValue: 'metrics(a)' } } } }, { type: 'query', query: 'metrics(a)', datasource: { type: 'prometheus' } }],
    ['data source', { kind: 'DatasourceVariable', spec: { ...common, pluginId: 'prometheus', regex: '/a/' } }, { type: 'datasource', query: 'prometheus', regex: '/a/' }],
    ['custom', { kind: 'CustomVariable', spec: { ...common, query: 'a,b' } }, { type: 'custom', query: 'a,b', skipUrlSync: true, current: { text: 'a', value: 'a' } }],
    ['text', { kind: 'TextVariable', spec: { ...common, query: 'x' } }, { type: 'textbox', query: 'x' }],
    ['constant', { kind: 'ConstantVariable', spec: { ...common, hide: 'hideVariable', query: 'x' } }, { type: 'constant', hide: 2 }],
    ['interval', { kind: 'IntervalVariable', spec: { ...common, query: '1m,5m', auto: true, auto_min: '10s', auto_count: 30 } }, { type: 'interval', auto: true, auto_min: '10s', auto_count: 30 }],
    ['filters', { kind: 'AdhocVariable', group: 'prometheus', datasource: { name: 'p' }, spec: { ...common, filters: [{ key: 'a', operator: '=', value: 'b' }] } }, { type: 'adhoc', datasource: { type: 'prometheus', uid: 'p' }, filters: [{ key: 'a', operator: '=', value: 'b' }] }],
    ['grouping', { kind: 'GroupByVariable', group: 'prometheus', datasource: { name: 'p' }, spec: common }, { type: 'groupby', datasource: { type: 'prometheus', uid: 'p' } }],
    ['switch', { kind: 'SwitchVariable', spec: { ...common, current: 'on', enabledValue: 'on', disabledValue: 'off' } }, { type: 'switch', current: { text: 'on', value: 'on' }, enabledValue: 'on' }],
  ])('%s', (_name, variable, want) => expect(load(dashboard(grid(), { variables: [variable] })).variables).toEqual([expect.objectContaining({ name: 'v', label: 'V', ...want })]));

  test('one that is not known is left out, and said', () => {
    const { dashboard: json, notes } = fromV2(dashboard(grid(), { variables: [{ kind: 'OracleVariable', spec: { name: 'o' } }] }));
    expect(loadDashboard(json).variables).toEqual([]);
    expect(notes).toEqual(['A variable of a kind that is not known is left out.']);
  });
});

test('time, cursor, links and annotations', () => {
  const source = dashboard(grid(), {
    description: 'D',
    tags: ['t'],
    cursorSync: 'Tooltip',
    timeSettings: { timezone: 'utc', from: 'now-2h', to: 'now-1m', autoRefresh: '30s', autoRefreshIntervals: ['5s', '30s'], hideTimepicker: true, weekStart: 'sunday', fiscalYearStartMonth: 3 },
    links: [{ type: 'dashboards', title: 'L', tags: ['t'], asDropdown: true, keepTime: true }],
    annotations: [
      { kind: 'AnnotationQuery', spec: { name: 'Deploys', enable: true, hide: false, iconColor: 'red', filter: { exclude: true, ids: [1] }, query: { kind: 'DataQuery', group: 'prometheus', datasource: { name: 'p' }, spec: { expr: 'deploys', step: '30s', titleFormat: '{{app}}' } } } },
      { kind: 'AnnotationQuery', spec: { name: 'Built in', enable: true, hide: true, iconColor: 'blue', builtIn: true, query: { kind: 'DataQuery', group: 'grafana', spec: {} } } },
    ],
  });
  const loaded = load(source);
  expect(loaded).toMatchObject({
    description: 'D',
    tags: ['t'],
    graphTooltip: 2,
    timezone: 'utc',
    time: { from: 'now-2h', to: 'now-1m' },
    refresh: '30s',
    refreshIntervals: ['5s', '30s'],
    timepickerHidden: true,
    weekStart: 'sunday',
    fiscalYearStartMonth: 3,
    links: [{ type: 'dashboards', title: 'L', tags: ['t'], asDropdown: true, keepTime: true }],
  });
  expect(loaded.annotations).toMatchObject([
    { name: 'Deploys', iconColor: 'red', expr: 'deploys', step: '30s', titleFormat: '{{app}}', filter: { exclude: true, ids: [1] }, datasource: { type: 'prometheus', uid: 'p' } },
    { name: 'Built in', hide: true, builtIn: 1, datasource: { type: 'grafana', uid: '-- Grafana --' } },
  ]);
});
