import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  ApiError,
  fetchDashboard,
  fetchResource,
  fetchSettings,
  onSignedOut,
  queryData,
  rotationDueMs,
  searchDashboards,
  signIn,
  type DsQueryRequest,
} from '../src';

interface Call {
  url: string;
  method: string;
  body: unknown;
}

let calls: Call[] = [];

function answerWith(status: number, body: unknown): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, method: init.method ?? '', body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  });
}

beforeEach(() => {
  calls = [];
});
afterEach(() => vi.unstubAllGlobals());

const request: DsQueryRequest = {
  fromMs: 1000,
  toMs: 2000,
  dashboardUid: 'd',
  panelId: 3,
  queries: [{ refId: 'A', datasource: { uid: 'p', type: 'prometheus' }, intervalMs: 1000, maxDataPoints: 100, expr: 'up' }],
};

describe('errors carry the words of the server', () => {
  test.each<[number, unknown, string]>([
    [404, { message: 'Dashboard not found' }, 'Dashboard not found'],
    [400, { error: 'bad_data' }, 'bad_data'],
    [502, '<html>', 'The server answered 502'],
    [500, '', 'The server answered 500'],
  ])('%d %j', async (status, body, message) => {
    answerWith(status, body);
    await expect(fetchSettings()).rejects.toMatchObject({ message: expect.stringContaining(message), status });
  });
  test('no answer at all', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed')));
    await expect(fetchSettings()).rejects.toEqual(new ApiError('The server cannot be reached.', 0));
  });
  test('a request given up is not an error of the server', async () => {
    const abort = new AbortController();
    abort.abort();
    vi.stubGlobal('fetch', async () => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(fetchDashboard('x', abort.signal)).rejects.toBeInstanceOf(DOMException);
  });
});

describe('the end of a session', () => {
  const ended = vi.fn();
  beforeEach(() => {
    ended.mockReset();
    onSignedOut(ended);
  });
  test('is told once for each refused request', async () => {
    answerWith(401, { message: 'Unauthorized' });
    await expect(fetchSettings()).rejects.toBeInstanceOf(ApiError);
    expect(ended).toHaveBeenCalledTimes(1);
  });
  test('a wrong password is none', async () => {
    answerWith(401, { message: 'Invalid username or password' });
    await expect(signIn('admin', 'wrong')).rejects.toThrow('Invalid username or password');
    expect(ended).not.toHaveBeenCalled();
    expect(calls).toEqual([{ url: '/login', method: 'POST', body: { user: 'admin', password: 'wrong' } }]);
  });
});

test('sign-in leads where the server says, else to the start', async () => {
  answerWith(200, { message: 'Logged in', redirectUrl: '/d/x' });
  expect(await signIn('a', 'b')).toBe('/d/x');
  answerWith(200, {});
  expect(await signIn('a', 'b')).toBe('/');
});

describe('answers of another shape than agreed give empty values, never a crash', () => {
  test.each([[null], ['text'], [[]], [{}], [{ datasources: 5, dashboard: 5, results: [] }]])('%j', async (body) => {
    answerWith(200, body === 'text' ? '"text"' : body);
    expect(await fetchSettings()).toMatchObject({ dataSources: [], defaultDataSource: '', version: '', user: { id: 0, login: '', isAdmin: false, isSignedIn: false, orgRole: '', theme: '' } });
    expect(await searchDashboards()).toHaveLength(0);
    expect(await queryData(request, new AbortController().signal)).toEqual([]);
    expect(await fetchResource('p', 'api/v1/labels', new URLSearchParams())).toBeUndefined();
  });
});

test('settings list the data sources', async () => {
  answerWith(200, {
    datasources: { Prom: { uid: 'p', type: 'prometheus', isDefault: true, jsonData: { timeInterval: '2s' } } },
    defaultDatasource: 'Prom',
    minRefreshInterval: '5s',
    defaultTheme: 'light',
    bootUser: { isSignedIn: true, id: 2, login: 'ed', orgId: 1, orgName: 'Main Org.', orgRole: 'Editor', timezone: 'utc', homeDashboardUID: 'h' },
  });
  expect(await fetchSettings()).toEqual({
    dataSources: [{ uid: 'p', name: 'Prom', type: 'prometheus', isDefault: true, jsonData: { timeInterval: '2s' } }],
    defaultDataSource: 'Prom',
    version: '',
    refreshIntervalMin: '5s',
    defaultTheme: 'light',
    user: { id: 2, login: 'ed', name: 'ed', email: '', isAdmin: false, isSignedIn: true, orgId: 1, orgName: 'Main Org.', orgRole: 'Editor', theme: '', timezone: 'utc', weekStart: '', homeDashboardUid: 'h' },
  });
});

describe('queryData', () => {
  const signal = new AbortController().signal;
  test('asks with the window as text and gives a result for each query', async () => {
    answerWith(200, { results: { A: { frames: [{}] }, B: { error: 'bad', frames: [] } } });
    expect(await queryData(request, signal)).toEqual([
      { refId: 'A', frames: [{}], error: '' },
      { refId: 'B', frames: [], error: 'bad' },
    ]);
    expect(calls[0]).toMatchObject({ url: '/api/ds/query?ds_type=prometheus', method: 'POST', body: { from: '1000', to: '2000' } });
  });
  test('when all fail, each still says why', async () => {
    answerWith(400, { results: { A: { error: 'parse error', status: 400, frames: [] } } });
    expect(await queryData(request, signal)).toEqual([{ refId: 'A', frames: [], error: 'parse error' }]);
  });
  test('an error without results is thrown', async () => {
    answerWith(403, { message: 'no access' });
    await expect(queryData(request, signal)).rejects.toThrow('no access');
  });
});

test.each([
  ['grafana_session_expiry=1700000000', 1_700_000_000_000],
  ['a=1; grafana_session_expiry=5; b=2', 5000],
  ['my_grafana_session_expiry=5', undefined],
  ['grafana_session_expiry=soon', undefined],
  ['grafana_session_expiry=', undefined],
  ['', undefined],
])('the token of %j is due at %d', (cookies, want) => expect(rotationDueMs(cookies)).toBe(want));

test('names in paths are encoded', async () => {
  answerWith(200, { dashboard: {}, meta: { slug: 's', provisioned: true } });
  expect(await fetchDashboard('a/b')).toMatchObject({ slug: 's', isProvisioned: true });
  await fetchResource('a b', 'api/v1/labels', new URLSearchParams({ 'match[]': 'up' }));
  expect(calls.map(({ url }) => url)).toEqual([
    '/api/dashboards/uid/a%2Fb',
    '/api/datasources/uid/a%20b/resources/api/v1/labels?match%5B%5D=up',
  ]);
});
