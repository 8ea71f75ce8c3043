import { describe, expect, test } from 'vitest';

import { rangeIn } from '../src/dashboard/shortcuts';
import { resolveRange } from '../src/dashboard/time';
import { timeNote } from '../src/dashboard/time_note';

describe('a range of the page', () => {
  test('ends so long before now as the dashboard says, its beginning stays', () => {
    const { from, to } = resolveRange({ from: 'now-1h', to: 'now' }, { timeZone: 'utc', nowDelay: '5m' });
    expect(to.valueOf() - from.valueOf()).toBe(55 * 60_000);
    const other = resolveRange({ from: 'now-1h', to: 'now-10m' }, { timeZone: 'utc', nowDelay: '5m' });
    expect(other.to.valueOf() - other.from.valueOf()).toBe(50 * 60_000);
  });
  test.each([
    [0, 0],
    [3, 3],
    [9, 9],
  ])('a fiscal year that begins with month %d', (fiscalYearStartMonth, want) => {
    const { from } = resolveRange({ from: 'now/fy', to: 'now' }, { timeZone: 'utc', fiscalYearStartMonth });
    expect(new Date(from.valueOf()).getUTCMonth()).toBe(want);
  });
});

test.each([
  [{ timeFrom: '1h' }, true, 'Last 1 hour'],
  [{ timeShift: '1d' }, true, 'timeshift -1d'],
  [{ timeFrom: '$own', timeShift: '1d' }, true, 'Last 2 hours, timeshift -1d'],
  [{ timeFrom: '1h', hideTimeOverride: true }, true, ''],
  [{ timeFrom: '1h' }, false, ''],
  [{}, true, ''],
])('the heading of a panel with %j', (part, isRelative, want) => {
  const panel = { timeFrom: '', timeShift: '', timeCompare: '', hideTimeOverride: false, ...part };
  expect(timeNote(panel, isRelative, (text) => text.replace('$own', '2h'))).toBe(want);
});

test.each([
  ['{"from":"now-6h","to":"now"}', { from: 'now-6h', to: 'now' }],
  ['{"from":1000,"to":2000}', { from: '1000', to: '2000' }],
  ['{"from":"now-6h"}', undefined],
  ['{"from":"yesterday-ish","to":"now"}', undefined],
  ['some text', undefined],
  ['null', undefined],
])('the range in %s', (copied, want) => expect(rangeIn(copied)).toEqual(want));
