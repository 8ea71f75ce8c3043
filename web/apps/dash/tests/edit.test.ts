import { loadDashboard } from '@narthex/dashmodel';
import { describe, expect, test } from 'vitest';

import { begin, changed, isDirty, redone, stored, undone } from '../src/edit/history';
import { changedWork, savedDashboard, savedElement, workOn } from '../src/edit/work';
import { panelSource, withSeriesColor } from '../src/edit/panel_source';
import { atRange, exploreAddress, panesSearch, readPanes, withPane } from '../src/explore/address';
import { listed } from '../src/explore/metric_list';
import { historyList, withEntry, withStar } from '../src/explore/query_history';
import { suggestedQuery } from '../src/explore/suggest';

describe('history of an edit', () => {
  const start = begin({ title: 'a' });
  test('undo and redo walk the steps', () => {
    const two = changed(changed(start, { title: 'b' }), { title: 'c' });
    expect(undone(two).now).toEqual({ title: 'b' });
    expect(redone(undone(two)).now).toEqual({ title: 'c' });
    expect(redone(changed(undone(two), { title: 'd' })).now).toEqual({ title: 'd' });
    expect(undone(start)).toBe(start);
  });
  test('what is back where it was is not dirty', () => {
    const there = changed(start, { title: 'b' });
    expect([isDirty(start), isDirty(there), isDirty(changed(there, { title: 'a' })), isDirty(stored(there, { title: 'b' }))]).toEqual([false, true, false, false]);
  });
});

describe('a dashboard and its library panels under edit', () => {
  const json = { title: 'a' };
  const element = { uid: 'u', name: 'U', model: {} };
  const both = changedWork(begin(workOn(json)), { title: 'b' }, { u: { type: 'stat' } });
  test('one change is one step, of both', () => {
    expect(both.now).toEqual({ json: { title: 'b' }, models: { u: { type: 'stat' } } });
    expect(undone(both).now).toEqual(workOn(json));
    expect(changedWork(both, both.now.json)).toBe(both);
    expect(changedWork(both, { title: 'c' }).now.models).toEqual({ u: { type: 'stat' } });
  });
  test('both are saved before nothing is left to save', () => {
    const library = savedElement(both, element);
    expect([isDirty(both), isDirty(library), isDirty(savedDashboard(library, library.now.json))]).toEqual([true, true, false]);
    expect(isDirty(savedDashboard(both, both.now.json))).toBe(true);
  });
});

describe('a panel under edit', () => {
  const element = { uid: 'u', name: 'U', model: { type: 'stat', title: 'Of all' } };
  const library = new Map([['u', element]]);
  const json = { panels: [{ id: 1, type: 'text' }, { id: 2, libraryPanel: { uid: 'u', name: 'U' } }] };
  test('is the dashboard\'s, or what the library has in its place', () => {
    expect(panelSource(json, library, 1)).toMatchObject({ panel: { type: 'text' }, element: undefined });
    expect(panelSource(json, library, 2)).toMatchObject({ panel: { id: 2, type: 'stat', title: 'Of all' }, element });
    expect(panelSource(json, library, 3)).toBeUndefined();
    expect(panelSource(json, library, 1)?.changed({ type: 'stat' })).toEqual({ json: { panels: [{ id: 1, type: 'stat' }, json.panels[1]] } });
  });
  test('a change of what the library has leaves the dashboard as it was', () => {
    const source = panelSource(json, library, 2);
    expect(source?.changed({ ...source.panel, title: 'Other' })).toEqual({ json, models: { u: expect.objectContaining({ type: 'stat', title: 'Other' }) } });
    expect(source?.unlinked().json).toMatchObject({ panels: [{ id: 1 }, { id: 2, type: 'stat', title: 'Of all' }] });
    expect(source?.changed({ id: 2, type: 'gauge' })).toEqual({ json: { panels: [json.panels[0], { id: 2, type: 'gauge' }] } });
  });
  const color = (fixedColor: string) => ({ id: 'color', value: { mode: 'fixed', fixedColor } });
  const rule = (options: string, ...properties: object[]) => ({ matcher: { id: 'byName', options }, properties });
  test.each([
    ['no rule', [], [rule('GET', color('red'))]],
    ['a rule of its name', [rule('GET', color('blue'), { id: 'unit', value: 's' }), rule('POST')], [rule('GET', { id: 'unit', value: 's' }, color('red')), rule('POST')]],
    ['two of them: the last one counts', [rule('GET', color('blue')), rule('GET')], [rule('GET', color('blue')), rule('GET', color('red'))]],
  ])('the colour of a series, with %s', (_name, overrides, want) => {
    expect(withSeriesColor({ id: 1, fieldConfig: { defaults: { unit: 's' }, overrides } }, 'GET', 'red')).toEqual({ id: 1, fieldConfig: { defaults: { unit: 's' }, overrides: want } });
  });
  test('a panel without any configuration gets one', () => expect(withSeriesColor({}, 'GET', 'red')).toEqual({ fieldConfig: { defaults: {}, overrides: [rule('GET', color('red'))] } }));
});

describe('Explore', () => {
  const pane = { key: 'a', datasource: 'prom', queries: [{ refId: 'A', expr: 'up' }], range: { from: 'now-1h', to: 'now' } };
  test('its state goes into the address and back', () => {
    expect(readPanes(new URLSearchParams(panesSearch([pane, { ...pane, key: 'b' }])))).toEqual([pane, { ...pane, key: 'b' }]);
  });
  test('a range is that of one pane, or of both', () => {
    const [range, both] = [{ from: 'now-5m', to: 'now' }, [pane, { ...pane, key: 'b', queries: [{ refId: 'A', expr: 'down' }] }]];
    const next = { ...pane, queries: [], range };
    expect(withPane(both, 0, next, false)).toEqual([next, both[1]]);
    expect(withPane(both, 0, next, true)).toEqual([next, { ...both[1], range }]);
    expect(atRange(both, range).map((one) => one.range)).toEqual([range, range]);
  });
  test.each([
    ['nothing', ''],
    ['what is no JSON', 'panes={x'],
    ['a list', 'panes=[1]'],
  ])('%s gives no panes', (_name, search) => expect(readPanes(new URLSearchParams(search))).toEqual([]));
  test('the earlier form of the address', () => {
    const left = JSON.stringify({ datasource: 'prom', queries: [{ refId: 'A', expr: 'up' }], range: { from: 'now-6h', to: 'now' } });
    expect(readPanes(new URLSearchParams({ left }))).toEqual([{ ...pane, key: 'left', range: { from: 'now-6h', to: 'now' } }]);
  });
  test('its form of long ago', () => {
    const left = JSON.stringify(['now-6h', 'now', 'prom', { expr: 'up' }, { mode: 'Metrics' }, { ui: [true, true, true, 'none'] }]);
    expect(readPanes(new URLSearchParams({ left }))).toEqual([{ key: 'left', datasource: 'prom', queries: [{ refId: 'A', expr: 'up' }], range: { from: 'now-6h', to: 'now' } }]);
    expect(readPanes(new URLSearchParams({ left: '[1, 2]' }))).toEqual([]);
  });
  test('a panel is explored with its variables written out', () => {
    const [panel] = loadDashboard({ schemaVersion: 42, panels: [{ id: 1, datasource: { uid: 'p' }, targets: [{ refId: 'A', expr: 'up{job="$job"}' }, { refId: 'B', expr: 'x', hide: true }] }] }).panels;
    const scope = { timeRange: { raw: { from: 'now-5m', to: 'now' } }, sources: { dataSources: [], defaultDataSource: '' }, narrow: (expr: string) => `${expr} > 0` } as unknown as Parameters<typeof exploreAddress>[1];
    const address = panel && exploreAddress(panel, scope, { text: (text) => text, query: (text) => text.replace('$job', 'node') });
    expect(readPanes(new URLSearchParams(address?.split('?')[1]))).toEqual([
      { key: 'a', datasource: 'p', queries: [{ refId: 'A', expr: 'up{job="node"} > 0', hide: false, legendFormat: '' }], range: { from: 'now-5m', to: 'now' } },
    ]);
  });
  test.each([
    ['http_requests_total', 'counter', 'sum(rate(http_requests_total[$__rate_interval]))'],
    ['latency_bucket', 'histogram', 'histogram_quantile(0.95, sum by (le) (rate(latency_bucket[$__rate_interval])))'],
    ['latency', 'histogram', 'histogram_quantile(0.95, sum(rate(latency[$__rate_interval])))'],
    ['latency_count', 'histogram', 'sum(rate(latency_count[$__rate_interval]))'],
    ['temperature', 'gauge', 'temperature'],
  ])('a query for %s', (name, type, want) => expect(suggestedQuery(name, type)).toBe(want));
  test('the history is searched; what is starred stays in it', () => {
    const stars = withStar(withStar([], 'old'), 'up');
    expect(stars).toEqual(['up', 'old']);
    expect(withStar(stars, 'up')).toEqual(['old']);
    expect(historyList(['up', 'rate(x[5m])'], stars, '', false)).toEqual(['up', 'rate(x[5m])', 'old']);
    expect(historyList(['up', 'rate(x[5m])'], stars, 'X rate', false)).toEqual(['rate(x[5m])']);
    expect(historyList(['up', 'rate(x[5m])'], stars, '', true)).toEqual(['up', 'old']);
  });
  test('what is asked again moves to the front', () => {
    expect(withEntry(['a', 'b'], ' b ')).toEqual(['b', 'a']);
    expect(withEntry(['a'], ' ')).toEqual(['a']);
  });
});

describe('the metrics browser', () => {
  const metric = (name: string, type: string, help: string) => ({ name, type, help, unit: '' });
  const metrics = [metric('a_total', 'counter', 'Requests.'), metric('b', 'gauge', 'Rooms.'), metric('c', 'gauge', 'Requests waiting.')];
  const counts = new Map([['b', 5], ['c', 9]]);
  test.each([
    ['', 'name', ['a_total', 'b', 'c']],
    ['', 'series', ['c', 'b', 'a_total']],
    ['requests gauge', 'name', ['c']],
    ['nothing', 'name', []],
  ] as const)('for "%s" by %s', (wanted, order, want) => expect(listed(metrics, counts, wanted, order).map(({ name }) => name)).toEqual(want));
});
