import { describe, expect, it } from 'vitest';
import { ApiError, createClient, query, queryRange, targets, type ApiClient } from '../src/index';

interface Scripted {
  client: ApiClient;
  requests: { url: string; init: RequestInit | undefined }[];
}

function scripted(body: unknown, status = 200): Scripted {
  const requests: Scripted['requests'] = [];
  const client: ApiClient = {
    ...createClient('http://host/prefix/'),
    fetch: (input, init) => {
      requests.push({ url: String(input), init });
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return Promise.resolve(new Response(text, { status }));
    },
  };
  return { client, requests };
}

const success = (data: unknown, notes: object = {}) => ({ status: 'success', data, ...notes });

describe('query', () => {
  it('posts the expression as a form below the base address', async () => {
    const { client, requests } = scripted(success({ resultType: 'scalar', result: [1, '2'] }));
    await query(client, { query: 'up == 1', time: 12.5 });
    expect(requests[0]?.url).toBe('http://host/prefix/api/v1/query');
    expect(requests[0]?.init?.method).toBe('POST');
    expect(String(requests[0]?.init?.body)).toBe('query=up+%3D%3D+1&time=12.5&stats=true');
  });

  const results = [
    {
      name: 'vector',
      data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1, '+Inf'] }] },
      want: { type: 'vector', series: [{ labels: { a: 'b' }, sample: [1, '+Inf'], histogram: undefined }] },
    },
    {
      name: 'vector of native histograms',
      data: {
        resultType: 'vector',
        result: [{ metric: {}, histogram: [1, { count: '3', sum: '4', buckets: [[0, '1', '2', '3']] }] }],
      },
      want: {
        type: 'vector',
        series: [
          {
            labels: {},
            sample: undefined,
            histogram: [1, { count: '3', sum: '4', buckets: [{ bounds: 0, lower: '1', upper: '2', count: '3' }] }],
          },
        ],
      },
    },
    {
      name: 'matrix',
      data: { resultType: 'matrix', result: [{ metric: {}, values: [[1, '2'], [2, '3']] }] },
      want: { type: 'matrix', series: [{ labels: {}, samples: [[1, '2'], [2, '3']], histograms: [] }] },
    },
    { name: 'string', data: { resultType: 'string', result: [1, 'x'] }, want: { type: 'string', sample: [1, 'x'] } },
  ];
  it.each(results)('reads a $name', async ({ data, want }) => {
    const answer = await query(scripted(success(data)).client, { query: 'x' });
    expect(answer.data.result).toEqual(want);
  });

  it('hands on warnings, infos and the cost', async () => {
    const data = {
      resultType: 'vector',
      result: [],
      stats: { timings: { execTotalTime: 0.5 }, samples: { totalQueryableSamples: 7, peakSamples: 3 } },
    };
    const answer = await query(scripted(success(data, { warnings: ['w'], infos: ['i'] })).client, { query: 'x' });
    expect(answer).toEqual({
      data: {
        result: { type: 'vector', series: [] },
        stats: { execTotalTime: 0.5, totalQueryableSamples: 7, peakSamples: 3 },
      },
      warnings: ['w'],
      infos: ['i'],
    });
  });

  const failures = [
    {
      name: 'an error of the API',
      body: { status: 'error', errorType: 'bad_data', error: 'parse error' },
      status: 400,
      want: { type: 'bad_data', message: 'parse error', status: 400 },
    },
    { name: 'an answer that is no JSON', body: 'Service Unavailable', status: 503, want: { type: 'http', status: 503 } },
    { name: 'no result', body: success({ resultType: 'vector' }), status: 200, want: { type: 'shape' } },
    { name: 'an unknown result type', body: success({ resultType: 'x', result: [] }), status: 200, want: { type: 'shape' } },
    {
      name: 'a value that is not text',
      body: success({ resultType: 'vector', result: [{ metric: {}, value: [1, 2] }] }),
      status: 200,
      want: { type: 'shape', message: 'unexpected answer: data.result[0].value[1] should be a string, found number 2' },
    },
    {
      name: 'a label that is not text',
      body: success({ resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '2'] }] }),
      status: 200,
      want: { type: 'shape' },
    },
    {
      name: 'a sample of a series that is no pair',
      body: success({ resultType: 'matrix', result: [{ metric: {}, values: [[1, '2'], [2]] }] }),
      status: 200,
      want: {
        type: 'shape',
        message: 'unexpected answer: data.result[0].values[1] should be a pair of a number and a string, found a list',
      },
    },
    { name: 'an answer without status', body: { data: {} }, status: 200, want: { type: 'shape' } },
  ];
  it.each(failures)('refuses $name', async ({ body, status, want }) => {
    const failure = query(scripted(body, status).client, { query: 'x' });
    await expect(failure).rejects.toBeInstanceOf(ApiError);
    await expect(failure).rejects.toMatchObject(want);
  });

  it('says so when the server cannot be reached', async () => {
    const client: ApiClient = { baseUrl: '', fetch: () => Promise.reject(new TypeError('Failed to fetch')) };
    await expect(query(client, { query: 'x' })).rejects.toMatchObject({ type: 'network' });
  });

  it('passes an abort on as it is', async () => {
    const controller = new AbortController();
    const client: ApiClient = {
      baseUrl: '',
      fetch: (_input, init) => {
        controller.abort(new Error('gone'));
        return Promise.reject(init?.signal?.reason);
      },
    };
    await expect(query(client, { query: 'x', signal: controller.signal })).rejects.toThrow('gone');
  });
});

describe('queryRange', () => {
  it('sends the range and takes a matrix only', async () => {
    const { client, requests } = scripted(success({ resultType: 'matrix', result: [] }));
    const answer = await queryRange(client, { query: 'x', start: 1, end: 2, stepSeconds: 0.5 });
    expect(answer.data.series).toEqual([]);
    expect(String(requests[0]?.init?.body)).toBe('query=x&start=1&end=2&step=0.5&stats=true');

    const vector = scripted(success({ resultType: 'vector', result: [] })).client;
    await expect(queryRange(vector, { query: 'x', start: 1, end: 2, stepSeconds: 1 })).rejects.toMatchObject({
      type: 'shape',
    });
  });
});

describe('targets', () => {
  it('takes null for no dropped targets and fills what older servers leave out', async () => {
    const target = {
      discoveredLabels: {},
      labels: { job: 'a' },
      scrapePool: 'a',
      scrapeUrl: 'http://a/metrics',
      lastScrape: '2026-01-01T00:00:00Z',
      lastScrapeDuration: 0.1,
      health: 'up',
    };
    const body = success({ activeTargets: [target], droppedTargets: null, droppedTargetCounts: null });
    const { data } = await targets(scripted(body).client);
    expect(data.droppedTargets).toEqual([]);
    expect(data.droppedTargetCounts).toEqual({});
    expect(data.activeTargets[0]).toMatchObject({ lastError: '', globalUrl: '', scrapeInterval: '' });
  });

  it('refuses an unknown health', async () => {
    const body = success({ activeTargets: [{ health: 'sick' }], droppedTargets: [] });
    await expect(targets(scripted(body).client)).rejects.toMatchObject({ type: 'shape' });
  });
});
