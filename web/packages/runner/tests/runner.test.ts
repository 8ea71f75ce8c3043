import { loadDashboard, type AnyRecord } from '@narthex/dashmodel';
import type { DsQueryRequest, DsResult } from '@narthex/grafanaapi';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { describe, expect, test } from 'vitest';

import {
  buildQueries,
  builtinScope,
  findDataSource,
  panelLookup,
  PanelRunner,
  panelWindow,
  localFrames,
  resolveVariables,
  UnsupportedSource,
  withShared,
  variableFromJson,
  type PanelData,
  type QueryContext,
} from '../src';

const source = (uid: string, isDefault: boolean, jsonData: AnyRecord = {}) => ({
  uid,
  name: `Name of ${uid}`,
  type: 'prometheus',
  isDefault,
  jsonData,
});
const sources = { dataSources: [source('main', true, { timeInterval: '2s' }), source('other', false)], defaultDataSource: '' };
const window = { fromMs: 1_000_000, toMs: 1_300_000 };
const keep = (text: string) => text;
const context: QueryContext = { sources, window, isRelative: true, widthPx: 600, write: keep, writeQuery: keep, narrow: keep };
const panelOf = (json: AnyRecord) => {
  const [panel] = loadDashboard({ schemaVersion: 42, panels: [{ id: 1, type: 'timeseries', ...json }] }).panels;
  if (!panel) throw new Error('no panel');
  return panel;
};

describe('findDataSource', () => {
  test.each([
    [null, 'main'],
    [{ uid: 'other' }, 'other'],
    [{ uid: 'Name of other' }, 'other'],
    [{ type: 'prometheus' }, 'main'],
    [{ uid: 'nosuch' }, undefined],
    [{ uid: 'nosuch', type: 'prometheus' }, 'main'],
    [{ uid: '${DS_PROM-X}' }, 'main'],
    [{ uid: '-- Mixed --' }, 'main'],
    [{ uid: 'vm', type: 'victoriametrics-metrics-datasource' }, 'main'],
    [{ uid: '', type: 'victoriametrics-metrics-datasource' }, 'main'],
    [{ type: 'loki' }, undefined],
  ])('%j', (ref, want) => expect(findDataSource(sources, ref, keep)?.uid).toBe(want));
});

describe('buildQueries', () => {
  test('step from range, width and scrape interval', () => {
    const [query] = buildQueries(panelOf({ targets: [{ refId: 'A', expr: 'up' }] }), context);
    expect(query).toMatchObject({ expr: 'up', intervalMs: 2000, maxDataPoints: 600, datasource: { uid: 'main' } });
  });
  test.each<[string, AnyRecord, number]>([
    ['the interval of the panel is the least', { interval: '1m' }, 60_000],
    ['points of the panel', { maxDataPoints: 10 }, 30_000],
    ['no scrape interval known', { datasource: { uid: 'other' } }, 15_000],
  ])('%s', (_name, json, want) => {
    const [query] = buildQueries(panelOf({ ...json, targets: [{ refId: 'A', expr: 'up' }] }), context);
    expect(query?.intervalMs).toBe(want);
  });
  test('hidden and empty queries are left out', () => {
    const targets = [{ refId: 'A', expr: 'up', hide: true }, { refId: 'B', expr: '' }, { refId: 'C', expr: 'x' }];
    expect(buildQueries(panelOf({ targets }), context).map(({ refId }) => refId)).toEqual(['C']);
  });
  test('expressions go to the server with what they reckon with', () => {
    const expressions = { uid: '__expr__', type: '__expr__' };
    const targets = [
      { refId: 'A', expr: 'up', hide: true },
      { refId: 'B', datasource: expressions, type: 'math', expression: '$A * 2' },
    ];
    const queries = buildQueries(panelOf({ targets }), context);
    expect(queries.map(({ refId, hide, datasource }) => [refId, hide, datasource.uid])).toEqual([
      ['A', true, 'main'],
      ['B', false, '__expr__'],
    ]);
    expect(queries[1]).toMatchObject({ type: 'math', expression: '$A * 2' });
    const hidden = targets.map((target) => ({ ...target, hide: true }));
    expect(buildQueries(panelOf({ targets: hidden }), context)).toEqual([]);
  });
  test('an expression of a file whose inputs nobody filled in', () => {
    const targets = [{ refId: 'B', datasource: { uid: '${DS_EXPRESSION}', type: '__expr__' }, type: 'math', expression: '1' }];
    expect(buildQueries(panelOf({ targets }), context)[0]?.datasource).toEqual({ uid: '__expr__', type: '__expr__' });
  });
  test('an unknown source is named', () => {
    const panel = panelOf({ datasource: { uid: 'gone' }, targets: [{ refId: 'A', expr: 'up' }] });
    expect(() => buildQueries(panel, context)).toThrow(UnsupportedSource);
    expect(() => buildQueries(panel, context)).toThrow('The data source gone is not here');
  });
});

test.each<[AnyRecord, boolean, [number, number]]>([
  [{}, true, [1_000_000, 1_300_000]],
  [{ timeFrom: '1m' }, true, [1_240_000, 1_300_000]],
  [{ timeShift: '1m' }, true, [940_000, 1_240_000]],
  [{ timeFrom: '1m' }, false, [1_000_000, 1_300_000]],
  [{ timeFrom: 'now/h' }, true, [0, 1_300_000]],
  [{ timeFrom: '1m', timeShift: '1m' }, true, [1_180_000, 1_240_000]],
  [{ timeFrom: 'nonsense' }, true, [1_000_000, 1_300_000]],
])('panelWindow %j', (json, isRelative, [fromMs, toMs]) =>
  expect(panelWindow(panelOf(json), { ...context, isRelative })).toEqual({ fromMs, toMs }),
);

const frame = (labels: Record<string, string>, value: number) => ({
  schema: { fields: [{ name: 'Time', type: 'time' }, { name: 'Value', type: 'number', labels }] },
  data: { values: [[1], [value]] },
});
const request: DsQueryRequest = {
  ...window,
  dashboardUid: 'd',
  panelId: 1,
  queries: ['A', 'B'].map((refId) => ({ refId, datasource: { uid: 'main', type: 'prometheus' }, intervalMs: 1, maxDataPoints: 1 })),
};

describe('PanelRunner', () => {
  const runWith = async (answers: Array<DsResult[] | Error>) => {
    const seen: PanelData[] = [];
    const send = async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? [];
    };
    const runner = new PanelRunner(send, (data) => seen.push(data));
    while (answers.length > 0) await runner.run(request);
    return { runner, seen };
  };
  const ok = (value: number, label = 'a'): DsResult[] => [{ refId: 'A', error: '', frames: [frame({ job: label }, value)] }];

  test.each<[string, DsResult[] | Error, PanelData['state'], string]>([
    ['frames', ok(1), 'done', ''],
    ['nothing', [{ refId: 'A', error: '', frames: [] }], 'empty', ''],
    ['all failed', [{ refId: 'A', error: 'bad', frames: [] }], 'error', 'bad'],
    ['some failed', [...ok(1), { refId: 'B', error: 'bad', frames: [] }], 'done', 'bad'],
    ['no answer', new Error('down'), 'error', 'down'],
  ])('%s', async (_name, answer, state, error) => {
    const { runner, seen } = await runWith([answer]);
    expect(seen[0]?.isFetching).toBe(true);
    expect(runner.data).toMatchObject({ state, error, isFetching: false });
  });
  test('the structure changes with labels, not with values', async () => {
    const { seen } = await runWith([ok(1), ok(2), ok(3, 'b')]);
    const done = seen.filter(({ isFetching }) => !isFetching);
    expect(done.map(({ structureRev }) => structureRev)).toEqual([1, 1, 2]);
  });
  test('a refresh waits for a slow answer, and only the last one waits', async () => {
    const asked: number[] = [];
    const waiting: Array<(results: DsResult[]) => void> = [];
    const send = ({ toMs }: DsQueryRequest) => {
      asked.push(toMs);
      return new Promise<DsResult[]>((resolve) => waiting.push(resolve));
    };
    const runner = new PanelRunner(send, () => {});
    const later = (ms: number) => ({ ...request, fromMs: request.fromMs + ms, toMs: request.toMs + ms });
    const done = runner.run(request);
    await runner.run(later(2000));
    await runner.run(later(4000));
    waiting[0]?.(ok(1));
    await expect.poll(() => waiting.length).toBe(2);
    expect(runner.data.frames[0]?.fields[1]?.values[0]).toBe(1);
    waiting[1]?.(ok(2));
    await done;
    expect(asked).toEqual([request.toMs, request.toMs + 4000]);
    expect(runner.data.frames[0]?.fields[1]?.values[0]).toBe(2);
  });
  test('an answer to another question is dropped', async () => {
    const waiting: Array<(results: DsResult[]) => void> = [];
    const runner = new PanelRunner(() => new Promise((resolve) => waiting.push(resolve)), () => {});
    const first = runner.run(request);
    const second = runner.run({ ...request, queries: request.queries.slice(1) });
    waiting[1]?.(ok(2));
    waiting[0]?.(ok(1));
    await Promise.all([first, second]);
    expect(runner.data.frames[0]?.fields[1]?.values[0]).toBe(2);
  });
});

describe('variables', () => {
  const builtins = builtinScope({ window, dashboard: { uid: 'd', title: 'T' }, user: { id: 1, login: 'l', email: '', orgId: 1, orgName: 'Main Org.' }, timeZone: 'utc', theme: 'dark' });
  const resolve = (list: AnyRecord[], wanted: Array<[string, string | string[]]> = [], before = new Map<string, string>()) =>
    resolveVariables(
      list.map((json) => variableFromJson({ name: '', type: 'query', ...json })),
      {
        sources,
        window,
        builtins,
        wanted: new Map(wanted),
        before,
        fetchResource: async (uid, path, params) => {
          if (path === 'api/v1/label/job/values') return ['b', 'a'];
          if (path === 'api/v1/label/instance/values') return [`${params.get('match[]')}@${uid}`];
          throw new Error('no such path');
        },
      },
    );

  const chain = [
    { name: 'job', type: 'custom', query: 'a,b' },
    { name: 'instance', query: 'label_values(up{job="$job"}, instance)', refresh: 1 },
    { name: 'unit', type: 'custom', query: 'x,y' },
  ];
  test.each([
    ['what was chosen from other choices goes', { job: 'b', instance: 'up{job="a"}@main' }, { job: 'a', instance: 'up{job="a"}@main' }, 'up{job="b"}@main', ['instance']],
    ['what is asked for with the change stays', { job: 'b', instance: 'mine' }, { job: 'a', instance: 'up{job="a"}@main' }, 'mine', []],
    ['what was typed stays while nothing it uses changes', { job: 'a', instance: 'mine', unit: 'y' }, { job: 'a', instance: 'mine', unit: 'x' }, 'mine', []],
    ['a page that opens takes what its address says', { job: 'b', instance: 'mine' }, {}, 'mine', []],
  ])('of a chain: %s', async (_, wanted, before, want, replaced) => {
    const resolved = await resolve(chain, Object.entries(wanted), new Map(Object.entries(before)));
    expect(resolved.variables[1]?.value).toBe(want);
    expect(resolved.replaced.map(({ name }) => name)).toEqual(replaced);
  });
  test('a variable sees the value of the one it uses', async () => {
    const { variables } = await resolve([
      { name: 'instance', query: 'label_values(up{job="$job"}, instance)', refresh: 1 },
      { name: 'job', query: { query: 'label_values(job)' }, refresh: 1, sort: 1 },
    ]);
    expect(variables.map(({ name, value }) => [name, value])).toEqual([
      ['instance', 'up{job="a"}@main'],
      ['job', 'a'],
    ]);
  });
  test('the address wins, and All stands for every option', async () => {
    const { variables } = await resolve(
      [
        { name: 'x', type: 'custom', query: 'a,b', multi: true, includeAll: true },
        { name: 'y', type: 'textbox', query: 'start' },
        { name: 'z', type: 'constant', query: 'fixed' },
        { name: 's', type: 'datasource', query: 'prometheus' },
      ],
      [['x', 'All'], ['y', 'typed'], ['z', 'no'], ['s', 'Name of other']],
    );
    expect(variables.map(({ value }) => value)).toEqual([['$__all'], 'typed', 'fixed', 'other']);
    const lookup = panelLookup(variables, {}, builtins);
    expect(interpolate('{x=~"$x"} $__from ${__dashboard.title}', { lookup, write: prometheusFormat })).toBe('{x=~"(a|b)"} 1000000 T');
    const bound = panelLookup(variables, { x: { text: 'B', value: 'b' } }, builtins);
    expect(interpolate('$x', { lookup: bound })).toBe('b');
  });
  test('a failing query is reported under its name', async () => {
    const { errors } = await resolve([{ name: 'bad', query: 'label_names()', refresh: 1 }]);
    expect([...errors]).toEqual([['bad', 'no such path']]);
  });
});

describe('queries that need no data source', () => {
  test('the answer of another panel, with its transformations where wanted', () => {
    const other = panelOf({ id: 7, targets: [{ refId: 'A', expr: 'up' }], transformations: [{ id: 'merge' }] });
    const shared = (target: AnyRecord) => withShared(panelOf({ datasource: { uid: '-- Dashboard --' }, targets: [{ panelId: 7, ...target }] }), [other]);
    expect(shared({})).toMatchObject({ targets: [{ expr: 'up' }], transformations: [] });
    expect(shared({ withTransforms: true }).transformations).toEqual([{ id: 'merge' }]);
    expect(shared({ panelId: 8 }).targets).toEqual([]);
  });
  test('a circle of panels ends', () => {
    const circle = panelOf({ id: 7, datasource: { uid: '-- Dashboard --' }, targets: [{ panelId: 7 }] });
    expect(withShared(circle, [circle]).targets).toHaveLength(1);
  });
  test('a random walk lies in the window and is asked of nobody', async () => {
    const panel = panelOf({ datasource: { type: 'datasource', uid: 'grafana' }, targets: [{ refId: 'A', queryType: 'randomWalk' }] });
    const [walk] = await localFrames(panel, window, 'utc');
    expect([walk?.fields[0]?.values[0], walk?.fields[0]?.values.at(-1)]).toEqual([window.fromMs, window.toMs]);
    expect(buildQueries(panel, context)).toEqual([]);
  });
});

describe('kinds of variables', () => {
  const resolve = async (json: AnyRecord, search = '') => {
    const { variables } = await resolveVariables([variableFromJson({ name: 'v', type: 'custom', ...json })], {
      sources,
      window,
      builtins: builtinScope({ window, dashboard: { uid: '', title: '' }, user: { id: 1, login: '', email: '', orgId: 1, orgName: '' }, timeZone: 'utc', theme: 'dark' }),
      wanted: new Map(search ? [['v', search]] : []),
      fetchResource: async () => [],
    });
    const [variable] = variables;
    if (!variable) throw new Error('no variable');
    return variable;
  };
  const builtins = builtinScope({ window, dashboard: { uid: '', title: '' }, user: { id: 1, login: '', email: '', orgId: 1, orgName: '' }, timeZone: 'utc', theme: 'dark' });
  test.each([
    ['$__auto', '10s'],
    ['$__auto_interval_v', '10s'],
    ['5m', '5m'],
  ])('an interval of %s is written as %s', async (value, want) => {
    const variable = await resolve({ type: 'interval', query: '1m,5m', auto: true, auto_count: 30, auto_min: '1s', current: { value } });
    expect(interpolate('$v', { lookup: panelLookup([variable], {}, builtins) })).toBe(want);
  });
  test('a switch is on or off', async () => {
    expect((await resolve({ type: 'switch', current: { value: 'false' } })).options.map(({ value }) => value)).toEqual(['true', 'false']);
  });
  test('links carry the variables and the range', async () => {
    const lookup = panelLookup([await resolve({ query: 'a b,c', current: { value: 'a b' } })], {}, builtins);
    expect(interpolate('/d/x?${__url_time_range}&${__all_variables}', { lookup })).toBe('/d/x?from=1000000&to=1300000&var-v=a%20b');
  });
});
