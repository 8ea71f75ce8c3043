import { describe, expect, test } from 'vitest';

import { builderToText, explainSteps, FUNCTIONS, narrowPromql, parsePromql, textToBuilder, writePromql, type Matcher } from '../src';
import { maskVariables } from '../src/mask';

function rewritten(text: string): string {
  const { expr, fault } = parsePromql(text);
  if (!expr) throw new Error(fault);
  return writePromql(expr);
}

describe('reading and writing', () => {
  test.each([
    ['up', 'up'],
    ['sum by(le) (rate(x_total{a="b",c!~"d.*"}[5m] offset 1m))', 'sum by (le) (rate(x_total{a="b", c!~"d.*"}[5m] offset 1m))'],
    ['topk(5, up) without(instance)', 'topk without (instance) (5, up)'],
    ['a/on(b)group_left(c)d', 'a / on (b) group_left (c) d'],
    ['a + b offset 5m', 'a + b offset 5m'],
    ['((a)) * (b + c)', 'a * (b + c)'],
    ['(a * b) + c', 'a * b + c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a - b) - c', 'a - b - c'],
    ['a ^ b ^ c', 'a ^ b ^ c'],
    ['(a ^ b) ^ c', '(a ^ b) ^ c'],
    ['-(a + b)', '-(a + b)'],
    ['-a ^ 2', '-a ^ 2'],
    ['(-a) ^ 2', '(-a) ^ 2'],
    ['max_over_time(rate(x[5m])[1h:1m])', 'max_over_time(rate(x[5m])[1h:1m])'],
    ['(a + b)[5m:]', '(a + b)[5m:]'],
    ["label_replace(x, 'a', '$1', 'b', '(.*)')", 'label_replace(x, "a", "$1", "b", "(.*)")'],
    ['{"http.requests", "host.name"="a"}', '{"http.requests", "host.name"="a"}'],
    ['a > bool 3', 'a > bool 3'],
    ['x @ end() offset -5m', 'x @ end() offset -5m'],
    ['foo{a=`\\d`}', 'foo{a="\\\\d"}'],
    ['foo{a="\\x41\\u00e9\\101\\n"}', 'foo{a="AéA\\n"}'],
    ['quantile(.9, x)', 'quantile(.9, x)'],
    ['a OR b', 'a or b'],
    ['# why\nsum( # all\n  a)', 'sum(a)'],
  ])('%s', (text, want) => {
    expect(rewritten(text)).toBe(want);
    expect(rewritten(want), 'again').toBe(want);
  });

  test.each([
    ['rate($metric[$__rate_interval])', 'rate(vvvvvvv[111111111111111s])'],
    ['rate(x[${__range_s}s:$step])', 'rate(x[111111111111s:1111s])'],
    ['x offset $shift', 'x offset 11111s'],
    ['x{a="$b", $c=~"[[d]]"}', 'x{a="$b", vv=~"[[d]]"}'],
    ['x{a="\\"$b"} > $c', 'x{a="\\"$b"} > vv'],
  ])('variables of %s are covered', (text, want) => expect(maskVariables(text)).toBe(want));

  test.each(['sum by ($label) (rate($metric{job=~"$job"}[$__rate_interval])) > $least', 'topk($k, x[[suffix]])'])('variables of %s stay', (text) => {
    expect(rewritten(text)).toBe(text);
  });

  test.each([
    ['sum(up', 'Not understood at character 7: end of the query'],
    ['up{', 'Not understood'],
    ['nosuch(up)', 'Not understood'],
    ['', 'empty'],
    ['x{a=~`$b`}', 'backquotes'],
  ])('%s is refused', (text, want) => expect(parsePromql(text).fault).toContain(want));
});

describe('the builder', () => {
  test.each([
    'up',
    'up{job="a", instance=~"b|c"}',
    '{job="a"}',
    'rate(x_total{job="$job"}[$__rate_interval])',
    'sum by (le, job) (rate(x_bucket[5m] offset 1h))',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))',
    'topk(5, sum without (instance) (x))',
    '100 - avg by (instance) (rate(cpu{mode="idle"}[5m])) * 100',
    'max_over_time(rate(x[5m])[1h:1m])',
    'a / on (job) group_left (c) sum by (job) (b) > bool 3',
    'label_replace(x, "a", "$1", "b", "(.*)")',
    'count_values("v", x)',
    'clamp(x, 0, 1)',
    'x @ end()',
    'rate(x[5m]) / 2 / 3',
    '(2 ^ x) ^ 3',
    'a + (b + c)',
    'quantile_over_time(0.9, x[5m])',
    'predict_linear(x[1h], -3600)',
    'topk($k, x)',
    'time() - process_start_time_seconds{a="#"}',
  ])('%s goes in and comes back', (text) => {
    const { query, fault } = textToBuilder(text);
    expect(fault).toBeUndefined();
    expect(query && builderToText(query)).toBe(text);
  });

  test('a minus before a metric is a multiplication', () => {
    const { query } = textToBuilder('-x');
    expect(query && builderToText(query)).toBe('x * -1');
  });

  test.each([
    ['time()', 'without an expression'],
    ['a # why', 'comments'],
    ['5', 'starts at a metric'],
    ['vector(1)', 'starts at a metric'],
    ['clamp_max(x, scalar(y))', 'plain value'],
    ['rate(x[5m:1m] offset 1m)', 'behind a subquery'],
    ['sum(x) offset 5m', 'behind an operation'],
    ['x[5m]', 'starts at a metric'],
    ['sum(', 'Not understood'],
  ])('%s is not held', (text, want) => expect(textToBuilder(text).fault).toContain(want));

  test('a window moved outwards becomes a subquery, and back', () => {
    const rate = { kind: 'function' as const, name: 'rate', args: [], range: '5m' };
    const sum = { kind: 'aggregate' as const, name: 'sum', args: [], grouping: undefined };
    const query = { metric: 'x', matchers: [], modifiers: ['offset 1h'], operations: [sum, rate] };
    expect(builderToText(query)).toBe('rate(sum(x offset 1h)[5m:])');
    expect(builderToText({ ...query, operations: [rate, sum] })).toBe('sum(rate(x[5m] offset 1h))');
  });

  test('every function that it offers reads back', () => {
    for (const { name, category, isRange, params } of FUNCTIONS) {
      if (name === 'time' || name === 'vector') continue;
      const args = params.map(({ value }) => value);
      const operation = category === 'Aggregations' ? ({ kind: 'aggregate', name, args, grouping: undefined } as const) : ({ kind: 'function', name, args, range: isRange ? '5m' : '' } as const);
      const text = builderToText({ metric: 'x', matchers: [], modifiers: [], operations: [operation] });
      expect(textToBuilder(text), text).toEqual({ query: { metric: 'x', matchers: [], modifiers: [], operations: [operation] } });
    }
  });
});

describe('filters', () => {
  const job: Matcher = { label: 'job', op: '=', value: 'a"b' };
  test.each([
    ['sum(rate(x[5m])) / y', [job], [], 'sum(rate(x{job="a\\"b"}[5m])) / y{job="a\\"b"}'],
    ['x{job="a\\"b"}', [job], [], 'x{job="a\\"b"}'],
    ['x{job="c"}', [job], [], 'x{job="c", job="a\\"b"}'],
    ['label_replace(x, "job", "y", "", "")', [job], [], 'label_replace(x{job="a\\"b"}, "job", "y", "", "")'],
    ['rate(x[$__rate_interval])', [job], [], 'rate(x{job="a\\"b"}[$__rate_interval])'],
    ['sum(x)', [], ['pod'], 'sum by (pod) (x)'],
    ['sum by (le) (x) / count without (pod, job) (y)', [], ['pod'], 'sum by (le, pod) (x) / count without (job) (y)'],
    ['anything ( at all', [], [], 'anything ( at all'],
  ])('%s', (text, filters, groupBy, want) => expect(narrowPromql(text, { filters, groupBy })).toBe(want));

  test('what is not understood is not asked unfiltered', () => {
    expect(() => narrowPromql('sum(x', { filters: [job], groupBy: [] })).toThrow('cannot be put into');
  });
});

describe('steps', () => {
  const steps = (text: string) => {
    const { expr } = parsePromql(text);
    return expr ? explainSteps(expr) : [];
  };
  test('from the inside out, each with its sentence', () => {
    expect(steps('histogram_quantile(0.9, sum by (le) (rate(x_bucket{job="a"}[5m])))').map(({ text, sentence, ask, depth }) => [depth, text, sentence, ask])).toEqual([
      [4, 'x_bucket{job="a"}', 'Selects the series of x_bucket whose job is a, the newest sample of each.', 'x_bucket{job="a"}'],
      [3, 'x_bucket{job="a"}[5m]', 'Takes all samples of the last 5m of each series.', 'count_over_time(x_bucket{job="a"}[5m])'],
      [2, 'rate(x_bucket{job="a"}[5m])', 'Growth per second of each counter over the last 5m, restarts counted in.', 'rate(x_bucket{job="a"}[5m])'],
      [1, 'sum by (le) (rate(x_bucket{job="a"}[5m]))', 'Adds up the series that have the same le.', 'sum by (le) (rate(x_bucket{job="a"}[5m]))'],
      [0, 'histogram_quantile(0.9, sum by (le) (rate(x_bucket{job="a"}[5m])))', 'The 0.9 quantile of each histogram.', 'histogram_quantile(0.9, sum by (le) (rate(x_bucket{job="a"}[5m])))'],
    ]);
  });
  test.each([
    ['a / on (job) group_left (v) b', 'Divides the left side by the right; partners are equal in job. The left side may have several and gets v from the other.'],
    ['a and b', 'Keeps the series of the left side that have a partner on the right; partners are equal in all labels.'],
    ['a > 3', 'Keeps what is greater than the right side.'],
    ['a >= bool 3', 'Gives 1 where the left side is at least the right, else 0.'],
    ['a offset 1h', 'As it was 1h before.'],
    ['a @ end()', 'As it is at end(), whatever the time of the graph.'],
    ['topk by (job) (3, a)', 'Keeps the 3 largest of the series, for each job.'],
    ['sum without (pod) (a)', 'Adds up the series that differ in nothing but pod.'],
    ['max_over_time(a[1h:5m])', 'Largest sample of the last 1h, evaluated every 5m.'],
    ['1 + 2', 'A plain value.'],
    ['-a', 'With the sign changed.'],
  ])('the last step of %s', (text, want) => expect(steps(text).at(-1)?.sentence).toBe(want));
  test('a number is no step', () => expect(steps('a * (1 + 2)').map(({ text }) => text)).toEqual(['a', 'a * (1 + 2)']));
});
