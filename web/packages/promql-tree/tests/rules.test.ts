import { describe, expect, test } from 'vitest';

import { expandRules, summed, type RecordingRule } from '../src';

const RULES: RecordingRule[] = [
  { name: 'job:rate', expr: 'sum by (job) (rate(requests_total[5m]))', labels: {} },
  { name: 'by_team', expr: 'a + b', labels: { team: 'x' } },
  { name: 'by_team', expr: 'c', labels: { team: 'y' } },
  { name: 'odd', expr: 'sum(', labels: {} },
];

describe('recording rules written out', () => {
  test.each([
    ['job:rate', 'sum by (job) (rate(requests_total[5m]))'],
    ['job:rate{job="a"}', 'sum by (job) (rate(requests_total{job="a"}[5m]))'],
    ['max(job:rate) / 2', 'max(sum by (job) (rate(requests_total[5m]))) / 2'],
    ['by_team{team="x",z="1"} * 2', '(a{z="1"} + b{z="1"}) * 2'],
    ['max_over_time(job:rate[1h])', 'max_over_time(sum by (job) (rate(requests_total[5m]))[1h:])'],
    ['max_over_time(job:rate[1h:5m])', 'max_over_time(sum by (job) (rate(requests_total[5m]))[1h:5m])'],
    ['job:rate{job="$job"}', 'sum by (job) (rate(requests_total{job="$job"}[5m]))'],
  ])('%s', (text, want) => expect(expandRules(text, RULES)).toBe(want));

  test.each([
    ['no rule is named', 'up'],
    ['several rules record it', 'by_team'],
    ['a pattern may mean any of them', 'by_team{team=~"x|y"}'],
    ['the rule never has that label', 'by_team{team="z"}'],
    ['an offset cannot stand behind an expression', 'job:rate offset 5m'],
    ['the rule is no expression', 'odd'],
    ['the query is no expression', 'sum('],
    ['there is none', ''],
  ])('not where %s', (_why, text) => expect(expandRules(text, RULES)).toBeUndefined());
});

describe('a crowd summed up', () => {
  test.each([
    ['up', 'sum(up)'],
    ['rate(a[5m]) / rate(b[5m])', 'sum(rate(a[5m]) / rate(b[5m]))'],
    ['sum by (job) (up)', undefined],
    ['1', undefined],
    ['sum(', undefined],
  ])('%s', (text, want) => expect(summed(text)).toBe(want));
});
