import { describe, expect, test } from 'vitest';

import { fetchCardinality, fetchLabelNames, fetchLabelValues, fetchMetrics, fetchSeriesCounts, fetchStep } from '../src';

/** Answers by path, and keeps what was asked. */
function source(answers: Record<string, unknown>) {
  const asked: string[] = [];
  const fetch = (uid: string, path: string, params: URLSearchParams): Promise<unknown> => {
    asked.push(`${uid} ${path}?${decodeURIComponent(String(params))}`);
    const key = `${path}?${params.get('query') ?? ''}`;
    return Promise.resolve(answers[key] ?? answers[path]);
  };
  return { asked, fetch };
}

const WINDOW = { fromMs: 1_000_500, toMs: 2_000_500 };

describe('choices', () => {
  test('metrics carry the metadata of their family', async () => {
    const { fetch, asked } = source({
      'api/v1/label/__name__/values': ['up', 'x_bucket', 'y'],
      'api/v1/metadata': { up: [{ type: 'gauge', help: 'Up.', unit: '' }], x: [{ type: 'histogram', help: 'X.', unit: 'seconds' }] },
    });
    expect(await fetchMetrics('p', fetch, '{job="a"}')).toEqual([
      { name: 'up', type: 'gauge', help: 'Up.', unit: '' },
      { name: 'x_bucket', type: 'histogram', help: 'X.', unit: 'seconds' },
      { name: 'y', type: 'unknown', help: '', unit: '' },
    ]);
    expect(asked).toContain('p api/v1/label/__name__/values?match[]={job="a"}');
  });
  test('labels and values are those of the window', async () => {
    const { fetch, asked } = source({ 'api/v1/labels': ['__name__', 'job'], 'api/v1/label/job/values': ['a'] });
    expect(await fetchLabelNames('p', 'up', WINDOW, fetch)).toEqual(['job']);
    expect(await fetchLabelValues('p', 'job', '', WINDOW, fetch)).toEqual(['a']);
    expect(asked).toEqual(['p api/v1/labels?start=1000&end=2001&match[]=up', 'p api/v1/label/job/values?start=1000&end=2001']);
  });
});

describe('numbers of series', () => {
  test('of each metric, as the store tells', async () => {
    const { fetch } = source({ 'api/v1/status/tsdb': { seriesCountByMetricName: [{ name: 'up', value: 3 }] } });
    expect([...(await fetchSeriesCounts('p', fetch))]).toEqual([['up', 3]]);
    expect((await fetchSeriesCounts('p', () => Promise.reject(new Error('404')))).size).toBe(0);
  });
  test('of the labels of one', async () => {
    const { fetch, asked } = source({ 'api/v1/series': [{ __name__: 'x', job: 'a', path: '/1' }, { __name__: 'x', job: 'a', path: '/2' }] });
    expect(await fetchCardinality('p', 'x', WINDOW, fetch)).toEqual({
      seriesCount: 2,
      isCut: false,
      labels: [
        { name: 'path', count: 2, examples: ['/1', '/2'] },
        { name: 'job', count: 1, examples: ['a'] },
      ],
    });
    expect(asked[0]).toContain('match[]={__name__="x"}');
  });
});

describe('the result of a step', () => {
  const sample = (job: string, value: string) => ({ metric: { job }, value: [0, value] });
  const vector = (...result: unknown[]) => ({ resultType: 'vector', result });
  test('a few series are all there are', async () => {
    const { fetch, asked } = source({ 'api/v1/query': vector(sample('a', '1'), sample('b', '2')) });
    expect(await fetchStep('p', 'up', 5000, fetch)).toEqual({
      count: 2,
      isScalar: false,
      rows: [
        { labels: { job: 'a' }, value: '1' },
        { labels: { job: 'b' }, value: '2' },
      ],
    });
    expect(asked).toEqual(['p api/v1/query?query=up&time=5&limit=5']);
  });
  test('of many, the first are shown and all are counted', async () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((job) => sample(job, '1'));
    const { fetch } = source({ 'api/v1/query?up': vector(...five), 'api/v1/query?count(up)': vector(sample('', '7000')) });
    const { count, rows } = await fetchStep('p', 'up', 5000, fetch);
    expect([count, rows.length]).toEqual([7000, 5]);
  });
  test('a scalar, and a histogram', async () => {
    expect(await fetchStep('p', '1', 0, source({ 'api/v1/query': { resultType: 'scalar', result: [0, '3'] } }).fetch)).toEqual({ count: 1, isScalar: true, rows: [{ labels: {}, value: '3' }] });
    const histogram = vector({ metric: {}, histogram: [0, { count: '4', sum: '9' }] });
    expect((await fetchStep('p', 'h', 0, source({ 'api/v1/query': histogram }).fetch)).rows[0]?.value).toBe('4 observations, sum 9');
  });
});
