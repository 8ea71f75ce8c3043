import { getFieldDisplayName } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { comparedFrames, compareShiftMs } from '../src';

const HOUR_MS = 3_600_000;

test.each([
  ['timeseries', '', undefined],
  ['timeseries', '1d', 24 * HOUR_MS],
  ['timeseries', '__previousPeriod', 2 * HOUR_MS],
  ['timeseries', 'nonsense', undefined],
  ['stat', '1d', undefined],
])('a %s compared to %j looks back by %s', (type, timeCompare, want) => {
  expect(compareShiftMs({ type, timeCompare }, { fromMs: 0, toMs: 2 * HOUR_MS })).toBe(want);
});

describe('series of then', () => {
  const request = { fromMs: 1000, toMs: 2000, queries: [], dashboardUid: 'd', panelId: 1 };
  const frame = { schema: { refId: 'A', fields: [{ name: 'Time', type: 'time' }, { name: 'Value', type: 'number', labels: { a: 'b' }, config: { displayNameFromDS: 'x' } }] }, data: { values: [[500, 600], [1, 2]] } };

  test('are asked for then and drawn now, with a name and a line of their own', async () => {
    const asked: unknown[] = [];
    const [found] = await comparedFrames(request, 500, async ({ fromMs, toMs }) => {
      asked.push([fromMs, toMs]);
      return [{ refId: 'A', frames: [frame], error: '' }];
    });
    expect(asked).toEqual([[500, 1500]]);
    const [time, value] = found?.fields ?? [];
    expect(time?.values).toEqual([1000, 1100]);
    expect(value?.values).toEqual([1, 2]);
    expect(value && getFieldDisplayName(value, found)).toBe('x (comparison)');
    expect(value?.config.custom.lineStyle.fill).toBe('dash');
    expect(found?.refId).toBe('A-compare');
  });

  test('say so when they cannot be had', async () => {
    await expect(comparedFrames(request, 500, async () => [{ refId: 'A', frames: [], error: 'too far back' }])).rejects.toThrow('The comparison failed: too far back');
  });
});
