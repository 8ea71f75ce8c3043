// Ours against what @grafana/data itself answers, as tools/golden.mjs wrote it down.
import fs from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { calculateInterval, parseDurationMs, roundIntervalMs } from '../src';

function rowsOf<T>(name: string): T[] {
  const table: { rows: T[] } = JSON.parse(fs.readFileSync(path.join(__dirname, 'golden', `${name}.json`), 'utf8'));
  return table.rows;
}

test('every length of step is rounded alike', () => {
  const rows = rowsOf<[ms: number, want: number]>('rounding');
  expect(rows.map(([ms]) => [ms, roundIntervalMs(ms)])).toEqual(rows);
});

describe('the step of a range', () => {
  test.each(rowsOf<[rangeMs: number, points: number, least: string, want: { interval: string; intervalMs: number }]>('intervals'))('%d ms, %d points, at least %s', (rangeMs, points, least, want) => {
    const { ms, text } = calculateInterval(rangeMs, points, parseDurationMs(least));
    expect({ interval: text, intervalMs: ms }).toEqual(want);
  });
});

test.each(rowsOf<[text: string, ms: number]>('durations'))('%s lasts %d ms', (text, ms) => expect(parseDurationMs(text)).toBe(ms));
