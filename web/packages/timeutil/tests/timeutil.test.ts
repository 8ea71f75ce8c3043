import { describe, expect, test } from 'vitest';

import {
  allowedRefresh,
  refreshMsOver,
  calculateInterval,
  formatDurationMs,
  moveWindow,
  parseDurationMs,
  parseRawTime,
  windowUpTo,
  refreshMs,
  roundIntervalMs,
  soundZone,
  zoomInWindow,
  zoomOutWindow,
} from '../src';

describe('parseDurationMs', () => {
  test.each([
    ['15s', 15_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1M', 2_592_000_000],
    ['', undefined],
    ['5', undefined],
    ['s', undefined],
    ['1m x', undefined],
    ['-5m', undefined],
  ])('%s', (text, want) => expect(parseDurationMs(text)).toBe(want));
});

describe('formatDurationMs', () => {
  test.each([
    [90_000, '1m'],
    [15_000, '15s'],
    [999, '999ms'],
    [0, '1ms'],
    [86_400_000, '1d'],
  ])('%d', (ms, want) => expect(formatDurationMs(ms)).toBe(want));
});

describe('roundIntervalMs', () => {
  test.each([
    [9, 1],
    [10, 10],
    [1499, 1000],
    [1500, 2000],
    [17_499, 15_000],
    [89_999, 60_000],
    [90_000, 120_000],
    [60_000_000, 43_200_000],
    [1e12, 31_536_000_000],
  ])('%d', (ms, want) => expect(roundIntervalMs(ms)).toBe(want));
});

describe('calculateInterval', () => {
  test.each([
    [300_000, 600, 2000, 2000, '2s'],
    [3_600_000, 500, 15_000, 15_000, '15s'],
    [604_800_000, 1500, 15_000, 300_000, '5m'],
    [300_000, 0, 1, 300_000, '5m'],
  ])('%d ms over %d points', (rangeMs, points, min, ms, text) =>
    expect(calculateInterval(rangeMs, points, min)).toEqual({ ms, text }),
  );
});

test('a window follows the clock, and never goes back', () => {
  expect(windowUpTo({ fromMs: 1000, toMs: 3000 }, 5000)).toEqual({ fromMs: 3000, toMs: 5000 });
  expect(windowUpTo({ fromMs: 1000, toMs: 3000 }, 2000)).toEqual({ fromMs: 1000, toMs: 3000 });
});

describe('parseRawTime', () => {
  test.each([
    ['now', 'now'],
    ['now-5m', 'now-5m'],
    ['now-1d/d', 'now-1d/d'],
    ['now/fQ', 'now/fQ'],
    ['1700000000000', 1_700_000_000_000],
    ['2024-01-02T03:04:05Z', Date.UTC(2024, 0, 2, 3, 4, 5)],
    ['20240102', Date.UTC(2024, 0, 2)],
    ['20240102T030405', Date.UTC(2024, 0, 2, 3, 4, 5)],
    ['now-', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%s', (text, want) => expect(parseRawTime(text)).toBe(want));
});

test('refreshMs', () => {
  expect(refreshMs('2s')).toBe(2000);
  expect(refreshMs('')).toBeUndefined();
  expect(refreshMs('off')).toBeUndefined();
});

test.each([
  ['2s', '5s', '5s'],
  ['10s', '5s', '10s'],
  ['', '5s', ''],
  ['2s', '', '2s'],
])('allowedRefresh of %j with at least %j', (refresh, least, want) => expect(allowedRefresh(refresh, least)).toBe(want));

test.each([
  ['auto', 1000, '', 5000],
  ['auto', 360, '', 10_000],
  ['auto', 360, '1m', 60_000],
  ['30s', 360, '', 30_000],
  ['', 360, '', undefined],
])('refresh %s of an hour over %d pixels, with at least "%s"', (text, widthPx, least, want) => expect(refreshMsOver(text, { fromMs: 0, toMs: 3_600_000 }, widthPx, least)).toBe(want));

describe('windows', () => {
  const window = { fromMs: 1000, toMs: 2000 };
  test('move back', () =>
    expect(moveWindow(window, 'back', 9000)).toEqual({ fromMs: 500, toMs: 1500 }));
  test('move forward stops at now', () =>
    expect(moveWindow(window, 'forward', 2100)).toEqual({ fromMs: 1100, toMs: 2100 }));
  test.each([
    [{ fromMs: 0, toMs: 8000 }, { fromMs: 2000, toMs: 6000 }],
    [{ fromMs: 0, toMs: 1500 }, { fromMs: 250, toMs: 1250 }],
    [{ fromMs: 0, toMs: 400 }, { fromMs: 0, toMs: 400 }],
  ])('zoom in %j', (from, want) => expect(zoomInWindow(from)).toEqual(want));
  test('zoom out', () => expect(zoomOutWindow(window)).toEqual({ fromMs: 500, toMs: 2500 }));
  test('zoom out of nothing', () =>
    expect(zoomOutWindow({ fromMs: 50_000, toMs: 50_000 })).toEqual({ fromMs: 35_000, toMs: 65_000 }));
});

test.each([
  ['', ''],
  ['browser', 'browser'],
  ['utc', 'utc'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ['default', ''],
  ['Nowhere/City', ''],
])('the zone "%s" is "%s"', (name, want) => expect(soundZone(name)).toBe(want));
