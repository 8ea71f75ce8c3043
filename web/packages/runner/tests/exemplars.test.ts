import { describe, expect, test } from 'vitest';

import { fetchExemplars, readExemplars, withIntervals } from '../src';

const window = { fromMs: 0, toMs: 3_600_000 };

describe('exemplars', () => {
  test.each([
    ['rate(x[$__rate_interval])', 'rate(x[1m])'],
    ['rate(x[${__interval}])', 'rate(x[30s])'],
    ['x[$__range] $__interval_ms $other', 'x[3600s] 30000 $other'],
  ])('%s', (expr, want) => expect(withIntervals(expr, 30_000, 15_000, window)).toBe(want));

  test('the answer is read, with the way to the trace', () => {
    const data = [{ exemplars: [{ timestamp: 1.5, value: '0.2', labels: { traceID: 'a b' } }, { timestamp: 'x', value: '1', labels: {} }] }];
    const jsonData = { exemplarTraceIdDestinations: [{ name: 'traceID', url: 'http://traces/${__value.raw}' }] };
    expect(readExemplars(data, jsonData)).toEqual([{ timeMs: 1500, value: 0.2, labels: { traceID: 'a b' }, traces: [{ title: 'Trace', url: 'http://traces/a%20b' }] }]);
  });

  test('every place that traces are shown at, by its words', () => {
    const data = [{ exemplars: [{ timestamp: 1, value: '1', labels: { trace_id: '7', span_id: '8' } }] }];
    const exemplarTraceIdDestinations = [{ name: 'trace_id', url: 'http://a/${__value.raw}', urlDisplayLabel: 'Open in A' }, { name: 'span_id', url: 'http://b/${__value.raw}' }, { name: 'other', url: 'http://c' }, { name: 'trace_id', datasourceUid: 'tempo' }];
    expect(readExemplars(data, { exemplarTraceIdDestinations })[0]?.traces).toEqual([{ title: 'Open in A', url: 'http://a/7' }, { title: 'Trace', url: 'http://b/8' }]);
  });

  test('only queries that want them are asked about', async () => {
    const query = (refId: string, more: object) => ({ refId, datasource: { uid: 'p', type: 'prometheus' }, intervalMs: 1000, maxDataPoints: 100, expr: refId, ...more });
    const asked: string[] = [];
    const fetchResource = async (_uid: string, path: string, params: URLSearchParams) => {
      asked.push(`${path} ${params.get('query')}`);
      return [];
    };
    await fetchExemplars([query('a', { exemplar: true }), query('b', {}), query('c', { exemplar: true, instant: true })], () => ({}), window, fetchResource);
    expect(asked).toEqual(['api/v1/query_exemplars a']);
  });
});
