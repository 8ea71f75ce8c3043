// Options of legends, and what depends on them.
import { FieldType, type FieldSparkline } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { readLegend } from '../src/options';
import { loweredSparkline } from '../src/stat/sparkline';
import { rowsOnPage } from '../src/timeline/TimelinePanel';
import { legendLimit } from '../src/timeseries/useChartLegend';

describe('options of a legend', () => {
  test.each([
    [300, 300],
    ['120', 120],
    ['30%', '30%'],
    ['3em', undefined],
    [undefined, undefined],
  ])('the width %s', (width, want) => expect(readLegend({ legend: { width } }).width).toBe(want));
  test.each([
    [12, 12],
    [0, undefined],
    [-3, undefined],
    ['x', undefined],
  ])('the limit %s', (limit, want) => expect(readLegend({ legend: { limit } }).limit).toBe(want));
  test('order and overflow', () => {
    expect(readLegend({ legend: { sortBy: 'Max', sortDesc: true, overflow: 'wrap' } })).toMatchObject({ sortBy: 'Max', sortDesc: true, overflow: 'wrap' });
    expect(readLegend({ legend: { overflow: 'burst' } })).not.toHaveProperty('overflow');
  });
  test.each([
    [undefined, 20, 0],
    [undefined, 900, 200],
    [5, 20, 5],
    [1000, 900, 200],
  ])('of a limit of %s for %d series %d names are shown', (asked, count, want) => expect(legendLimit(asked, count)).toBe(want));
});

describe('pages of a timeline', () => {
  test.each([
    [undefined, 50, 20],
    [7.5, 50, 7],
    [0, 50, 50],
    [0, 0, 1],
  ])('%s on a page, of %d rows: %d', (perPage, count, want) => expect(rowsOnPage(perPage, count)).toBe(want));
});

describe('the line behind a value', () => {
  const spark = (values: unknown[], config = {}): FieldSparkline => ({ y: { name: 'v', type: FieldType.number, values, config } });
  const CENTRED = { isCentred: true, hasChange: false };
  test.each([
    [CENTRED, 20],
    [{ isCentred: true, hasChange: true }, 29.4],
    [{ isCentred: false, hasChange: false }, 11.8],
    [{ isCentred: false, hasChange: true }, 16.7],
  ])('ends below a value that is %j', (place, want) => expect(loweredSparkline(spark([0, null, 10]), place).y.config.max).toBeCloseTo(want, 1));
  test('bounds that are set count', () => expect(loweredSparkline(spark([5, 6], { min: 0, max: 10 }), CENTRED).y.config.max).toBeCloseTo(20));
  test.each([[[]], [[3]], [[3, 3]]])('%j stays as it is', (values) => {
    const given = spark(values);
    expect(loweredSparkline(given, CENTRED)).toBe(given);
  });
});
