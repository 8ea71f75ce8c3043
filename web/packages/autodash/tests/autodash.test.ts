import { describe, expect, test } from 'vitest';

import { dashboardFor, familiesOf, groupsOf, type JobFacts, type Labels } from '../src';

interface Target {
  expr: string;
  legendFormat: string;
  interval?: string;
  format?: string;
}
interface PanelJson {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
  panels?: PanelJson[];
  collapsed?: boolean;
  fieldConfig?: { defaults: { unit?: string } };
}

function facts(metrics: Array<[name: string, type: string, unit?: string]>, series: Labels[] = []): JobFacts {
  return { job: 'shop', source: { uid: 'p', type: 'prometheus' }, metrics: metrics.map(([name, type, unit = '']) => ({ name, type, help: `${name}.`, unit })), series, scrapeInterval: '5s' };
}
const panelsOf = (job: JobFacts): PanelJson[] => (dashboardFor(job)['panels'] as PanelJson[]).flatMap((panel) => [panel, ...(panel.panels ?? [])]);
const own = (job: JobFacts): PanelJson[] => panelsOf(job).filter(({ type, title }) => type !== 'row' && !/^(Targets up|Scrape duration|Samples scraped)$/.test(title));

describe('families', () => {
  test.each([
    ['a histogram with its parts', [['d_seconds_bucket', 'histogram'], ['d_seconds_sum', 'histogram'], ['d_seconds_count', 'histogram']], [['d_seconds', 'histogram', 'seconds']]],
    ['a native histogram', [['d_seconds', 'histogram']], [['d_seconds', 'native', 'seconds']]],
    ['a summary with its parts', [['s_seconds', 'summary'], ['s_seconds_sum', 'summary'], ['s_seconds_count', 'summary']], [['s_seconds', 'summary', 'seconds']]],
    ['a counter', [['x_bytes_total', 'counter'], ['x_bytes_created', 'counter']], [['x_bytes_total', 'counter', 'bytes']]],
    ['a unit that is told', [['x', 'gauge', 'volts']], [['x', 'gauge', 'volts']]],
    ['without metadata', [['a_total', 'unknown'], ['b_bucket', 'unknown'], ['b_count', 'unknown'], ['b_sum', 'unknown'], ['c_count', 'unknown']], [['a_total', 'counter', ''], ['b', 'histogram', ''], ['c_count', 'gauge', '']]],
    ['information and times', [['x_info', 'gauge'], ['x_start_time_seconds', 'gauge']], [['x_info', 'info', ''], ['x_start_time_seconds', 'timestamp', 'seconds']]],
  ] as const)('%s', (_name, metrics, want) => {
    expect(familiesOf(facts(metrics.map((one) => [...one] as [string, string, string?]))).map(({ name, kind, unit }) => [name, kind, unit])).toEqual(want);
  });

  test('labels that vary, those with few values first', () => {
    const series = [
      { __name__: 'x', job: 'shop', instance: 'a', path: '/1', code: '200' },
      { __name__: 'x', job: 'shop', instance: 'a', path: '/2', code: '200' },
      { __name__: 'x', job: 'shop', instance: 'b', path: '/3', code: '200' },
    ];
    expect(familiesOf(facts([['x', 'gauge']], series))[0]?.labels).toEqual([{ name: 'instance', count: 2 }, { name: 'path', count: 3 }]);
  });

  test('groups by the first word, large ones by two', () => {
    const names = [...Array.from({ length: 13 }, (_, index) => `go_gc_${index}`), 'go_threads', 'http_a', 'http_b', 'alone'];
    const groups = groupsOf(familiesOf(facts(names.map((name) => [name, 'gauge']))));
    expect(groups.map(({ name, families }) => [name, families.length])).toEqual([['go_gc', 13], ['http', 2], ['Others', 2]]);
  });
});

describe('panels', () => {
  const SELECTOR = '{job="shop", instance=~"$instance"}';
  test.each([
    ['a counter is a rate', ['x_requests_total', 'counter'], 'timeseries', 'reqps', [`sum(rate(x_requests_total${SELECTOR}[$__rate_interval]))`]],
    ['bytes are bytes per second', ['x_bytes_total', 'counter'], 'timeseries', 'Bps', [`sum(rate(x_bytes_total${SELECTOR}[$__rate_interval]))`]],
    ['seconds of work are a share', ['cpu_seconds_total', 'counter'], 'timeseries', 'percentunit', [`sum(rate(cpu_seconds_total${SELECTOR}[$__rate_interval]))`]],
    ['a gauge is as it is', ['room_celsius', 'gauge'], 'timeseries', 'celsius', [`room_celsius${SELECTOR}`]],
    ['a time is an age', ['start_time_seconds', 'gauge'], 'stat', 's', [`time() - start_time_seconds${SELECTOR}`]],
  ] as const)('%s', (_name, [name, type], kind, unit, exprs) => {
    const [panel] = own(facts([[name, type]]));
    expect([panel?.type, panel?.fieldConfig?.defaults.unit, panel?.targets?.map(({ expr }) => expr)]).toEqual([kind, unit, exprs]);
    expect(panel?.targets?.[0]?.interval).toBe('5s');
  });

  test('a histogram is a heatmap, quantiles and a rate', () => {
    const panels = own(facts([['d_seconds_bucket', 'histogram'], ['d_seconds_sum', 'histogram'], ['d_seconds_count', 'histogram']]));
    const buckets = `sum by (le) (rate(d_seconds_bucket${SELECTOR}[$__rate_interval]))`;
    expect(panels.map(({ type, targets }) => [type, targets?.map(({ expr }) => expr)])).toEqual([
      ['heatmap', [buckets]],
      ['timeseries', [0.5, 0.9, 0.99].map((quantile) => `histogram_quantile(${quantile}, ${buckets})`)],
      ['timeseries', [`sum(rate(d_seconds_count${SELECTOR}[$__rate_interval]))`]],
    ]);
    expect(panels[0]?.targets?.[0]?.format).toBe('heatmap');
  });

  test('lines are told apart by labels, but not by more than can be followed', () => {
    const series = Array.from({ length: 60 }, (_, index) => ({ __name__: 'x_total', job: 'shop', method: index % 2 ? 'GET' : 'PUT', path: `/${index}` }));
    const [panel] = own(facts([['x_total', 'counter']], series));
    expect([panel?.targets?.[0]?.expr, panel?.targets?.[0]?.legendFormat]).toEqual([`sum by (method) (rate(x_total${SELECTOR}[$__rate_interval]))`, '{{method}}']);
    const [gauge] = own(facts([['x', 'gauge']], series.map((one) => ({ ...one, __name__: 'x' }))));
    expect(gauge?.targets?.[0]?.expr).toBe(`sum by (method) (x${SELECTOR})`);
  });

  test('a job with a quote in its name', () => {
    const [panel] = own({ ...facts([['x', 'gauge']]), job: 'a"b' });
    expect(panel?.targets?.[0]?.expr).toBe('x{job="a\\"b", instance=~"$instance"}');
  });
});

describe('the dashboard', () => {
  const many = facts(Array.from({ length: 60 }, (_, index) => [`group${Math.floor(index / 6)}_m${index}`, 'gauge'] as [string, string]));
  test('rows beyond the first panels are closed, and hold theirs', () => {
    const rows = (dashboardFor(many)['panels'] as PanelJson[]).filter(({ type }) => type === 'row');
    expect(rows.map(({ title, collapsed, panels }) => [title, collapsed, panels?.length])).toEqual([
      ['Overview', false, 0],
      ['Group0', false, 0],
      ['Group1', false, 0],
      ['Group2', false, 0],
      ...Array.from({ length: 7 }, (_, index) => [`Group${index + 3}`, true, 6]),
    ]);
  });
  test('ids are single, and no panel lies on another or beside the grid', () => {
    const panels = dashboardFor(many)['panels'] as PanelJson[];
    const all = panelsOf(many);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const cells = new Set<string>();
    for (const { gridPos: { x, y, w, h } } of panels) {
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) for (let line = y; line < y + h; line += 1) cells.add(`${column}/${line}`);
    }
    expect(cells.size).toBe(panels.reduce((sum, { gridPos: { w, h } }) => sum + w * h, 0));
  });
});
