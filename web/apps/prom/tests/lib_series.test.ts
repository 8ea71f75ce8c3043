import type { ActiveTarget, RangeSeries } from '@narthex/promapi';
import { describe, expect, it } from 'vitest';
import { groupDiscovered } from '../src/lib/discovered_pools';
import { gridTimes, stackColumns, toColumns } from '../src/lib/graph_data';
import { formatSeries } from '../src/lib/series_name';
import { groupTargets } from '../src/lib/target_pools';

describe('formatSeries', () => {
  it.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', job: 'a', instance: 'b:1' }, 'up{instance="b:1", job="a"}'],
    [{ job: 'a' }, '{job="a"}'],
    [{ __name__: 'x', path: 'C:\\"d"\n' }, 'x{path="C:\\\\\\"d\\"\\n"}'],
    [{ __name__: 'http.requests', 'service.name': 'a' }, '{"http.requests", "service.name"="a"}'],
  ])('%j is %s', (labels, want) => expect(formatSeries(labels)).toBe(want));
});

describe('gridTimes', () => {
  it.each([
    [{ start: 0, end: 10, stepSeconds: 5 }, [0, 5, 10]],
    [{ start: 0, end: 9.9, stepSeconds: 5 }, [0, 5]],
    [{ start: 5, end: 5, stepSeconds: 1 }, [5]],
    [{ start: 5, end: 4, stepSeconds: 1 }, []],
  ])('of %j', (grid, want) => expect(gridTimes(grid)).toEqual(want));

  it('does not lose the last instant to rounding', () => {
    expect(gridTimes({ start: 0, end: 0.3, stepSeconds: 0.1 })).toHaveLength(4);
  });
});

const series = (...samples: RangeSeries['samples']): RangeSeries => ({ labels: {}, samples, histograms: [] });

describe('toColumns', () => {
  it('puts samples on the grid and leaves gaps where a chart has nothing to draw', () => {
    const grid = { start: 10, end: 30, stepSeconds: 10 };
    expect(toColumns([series([10, '1'], [30, '3']), series([20, '+Inf'], [30, 'NaN'])], grid)).toEqual({
      times: [10, 20, 30],
      values: [
        [1, null, 3],
        [null, null, null],
      ],
    });
  });

  it('ignores samples outside of the grid', () => {
    expect(toColumns([series([0, '1'], [40, '2'])], { start: 10, end: 20, stepSeconds: 10 }).values).toEqual([
      [null, null],
    ]);
  });
});

describe('stackColumns', () => {
  it('sums the visible columns and keeps gaps', () => {
    const values = [
      [1, 2, null],
      [10, 10, 10],
      [3, null, 5],
    ];
    expect(stackColumns(values, (index) => index !== 1)).toEqual([
      [1, 2, null],
      [10, 10, 10],
      [4, null, 5],
    ]);
  });
});

function target(fields: Partial<ActiveTarget>): ActiveTarget {
  return {
    discoveredLabels: {},
    labels: {},
    scrapePool: 'a',
    scrapeUrl: 'http://a/metrics',
    globalUrl: '',
    lastError: '',
    lastScrape: '',
    lastScrapeDuration: 0,
    health: 'up',
    scrapeInterval: '',
    scrapeTimeout: '',
    ...fields,
  };
}

describe('groupTargets', () => {
  const targets = [
    target({ scrapePool: 'b', scrapeUrl: 'http://b1', labels: { env: 'prod' } }),
    target({ scrapePool: 'a', scrapeUrl: 'http://a1' }),
    target({ scrapePool: 'b', scrapeUrl: 'http://b2', health: 'down', lastError: 'connection refused' }),
  ];

  it('sorts pools by name and puts unhealthy targets first', () => {
    const pools = groupTargets(targets, { text: '', health: [] });
    expect(pools.map((pool) => [pool.name, pool.targets.map((entry) => entry.scrapeUrl)])).toEqual([
      ['a', ['http://a1']],
      ['b', ['http://b2', 'http://b1']],
    ]);
  });

  it.each([
    ['refused', [], ['http://b2']],
    ['ENV="prod"', [], ['http://b1']],
    ['b http', [], ['http://b2', 'http://b1']],
    ['b nothing', [], []],
    ['', ['down'], ['http://b2']],
    ['a1', ['down'], []],
  ] as const)('filters by %j and health %j', (text, health, want) => {
    const found = groupTargets(targets, { text, health }).flatMap((pool) => pool.targets);
    expect(found.map((entry) => entry.scrapeUrl)).toEqual(want);
  });

  it('counts all targets of a pool, whatever the filter', () => {
    expect(groupTargets(targets, { text: 'refused', health: [] })[0]?.counts).toEqual({ up: 1, down: 1, unknown: 0 });
  });
});

describe('groupDiscovered', () => {
  const data = {
    activeTargets: [
      target({ scrapePool: 'b', discoveredLabels: { __address__: 'b:1' }, labels: { instance: 'b:1' } }),
      target({ scrapePool: 'a', discoveredLabels: { __address__: 'a:1' }, labels: { instance: 'x' } }),
    ],
    droppedTargets: [{ scrapePool: 'b', discoveredLabels: { __address__: 'gone:1' } }],
    droppedTargetCounts: { b: 7, c: 2, d: 0 },
  };

  it('counts what the server dropped without keeping it', () => {
    const pools = groupDiscovered(data, '');
    expect(pools.map(({ name, activeCount, droppedCount }) => [name, activeCount, droppedCount])).toEqual([
      ['a', 1, 0],
      ['b', 1, 7],
      ['c', 0, 2],
    ]);
    expect(pools[1]?.entries).toEqual([
      { discovered: { __address__: 'b:1' }, labels: { instance: 'b:1' } },
      { discovered: { __address__: 'gone:1' }, labels: undefined },
    ]);
  });

  it.each([
    ['gone', 1],
    ['INSTANCE="b', 1],
    ['b gone', 0],
  ])('filters by %j', (text, want) =>
    expect(groupDiscovered(data, text).flatMap(({ entries }) => entries)).toHaveLength(want),
  );
});
