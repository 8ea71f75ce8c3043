import { describe, expect, test } from 'vitest';

import { formatPromql, parsePromql, writePromql } from '../src';

const LONG = 'sum by (instance, job) (rate(node_network_receive_bytes_total{device!~"lo|veth.*", instance=~"$instance"}[$__rate_interval]))';

describe('an expression is laid out', () => {
  test.each([
    ['sum  by(job)(rate( up [5m] ))', 'sum by (job) (rate(up[5m]))'],
    ['$a+ 1', '$a + 1'],
  ])('%s on one line', (text, want) => expect(formatPromql(text)).toEqual({ text: want }));
  test('a long one is broken at its parts', () => {
    expect(formatPromql(`${LONG} / ${LONG} * 100`).text).toBe(
      [
        '    sum by (instance, job) (',
        '      rate(node_network_receive_bytes_total{device!~"lo|veth.*", instance=~"$instance"}[$__rate_interval])',
        '    )',
        '  /',
        '    sum by (instance, job) (',
        '      rate(node_network_receive_bytes_total{device!~"lo|veth.*", instance=~"$instance"}[$__rate_interval])',
        '    )',
        '*',
        '  100',
      ].join('\n'),
    );
  });
  test.each([`${LONG} / ${LONG}`, `(${LONG} + ${LONG}) * (${LONG} - 2)`, `histogram_quantile(0.9, ${LONG}) > bool 3`, `a ^ (${LONG} ^ ${LONG})`, `topk(5, ${LONG} and on (job) group_left (x) ${LONG})`])('and means the same: %s', (text) => {
    const [before, after] = [parsePromql(text), parsePromql(formatPromql(text).text ?? '')];
    expect(after.expr && writePromql(after.expr)).toBe(before.expr && writePromql(before.expr));
  });
  test.each(['sum(', 'up # of all'])('%s is left as it is', (text) => expect(formatPromql(text).fault).toMatch(/./));
});
