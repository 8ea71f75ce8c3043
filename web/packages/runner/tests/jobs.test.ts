import { describe, expect, test } from 'vitest';

import { fetchJobMetrics, fetchJobs } from '../src';

const target = (job: string, health: string, scrapeInterval = '5s') => ({ labels: { job }, health, scrapeInterval });

describe('jobs', () => {
  test('those of the targets, with how they are', async () => {
    const fetch = () => Promise.resolve({ activeTargets: [target('b', 'up'), target('a', 'up', '1m'), target('b', 'down'), target('', 'up')] });
    expect(await fetchJobs('p', fetch)).toEqual([
      { name: 'a', targetCount: 1, upCount: 1, scrapeInterval: '1m' },
      { name: 'b', targetCount: 2, upCount: 1, scrapeInterval: '5s' },
    ]);
  });
  test('a store without targets tells the jobs of its series', async () => {
    const fetch = (_uid: string, path: string) => (path.endsWith('targets') ? Promise.reject(new Error('404')) : Promise.resolve(['b', 'a']));
    expect((await fetchJobs('p', fetch)).map(({ name, targetCount }) => [name, targetCount])).toEqual([['a', 0], ['b', 0]]);
  });
  test('a store that does not answer is a fault', async () => {
    await expect(fetchJobs('p', () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  });
  test('the metrics of one, and a bounded number of its series', async () => {
    const asked: URLSearchParams[] = [];
    const fetch = (_uid: string, path: string, params: URLSearchParams): Promise<unknown> => {
      asked.push(params);
      return Promise.resolve(path.endsWith('values') ? ['x'] : path.endsWith('series') ? [{ __name__: 'x', job: 'a"b' }] : {});
    };
    const { metrics, series } = await fetchJobMetrics('p', 'a"b', 7_200_000, fetch);
    expect(metrics.map(({ name }) => name)).toEqual(['x']);
    expect(series).toEqual([{ __name__: 'x', job: 'a"b' }]);
    const bounded = asked.find((params) => params.has('limit'));
    expect([bounded?.get('match[]'), bounded?.get('start'), bounded?.get('end')]).toEqual(['{job="a\\"b"}', '3600', '7200']);
  });
});
