import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { changePublication, createPublication, deletePublication, fetchPublicDashboard, fetchPublication, fetchPublicNotes, onSignedOut, queryPublicPanel } from '../src';

let calls: Array<{ url: string; method: string; body: unknown }> = [];
const { signal } = new AbortController();
const SWITCHES = { isEnabled: true, mayChooseTime: true, showsAnnotations: false };

function answerWith(body: unknown, status = 200): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, method: init.method ?? '', body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    return new Response(JSON.stringify(body), { status });
  });
}

beforeEach(() => {
  calls = [];
});
afterEach(() => vi.unstubAllGlobals());

describe('by whom shares a dashboard', () => {
  test('what is read', async () => {
    answerWith({ uid: 'p', accessToken: 't', isEnabled: true, timeSelectionEnabled: true, annotationsEnabled: 'odd' });
    expect(await fetchPublication('a/b')).toEqual({ uid: 'p', accessToken: 't', ...SWITCHES });
    expect(calls[0]?.url).toBe('/api/dashboards/uid/a%2Fb/public-dashboards');
  });

  test('one that is not public is none, and no fault', async () => {
    answerWith({ message: 'Public dashboard not found' }, 404);
    expect(await fetchPublication('d')).toBeUndefined();
    answerWith({ message: 'no' }, 403);
    await expect(fetchPublication('d')).rejects.toThrow('no');
  });

  const sent = { isEnabled: true, timeSelectionEnabled: true, annotationsEnabled: false, share: 'public' };
  test.each<[string, () => Promise<void>, string, string, unknown]>([
    ['making it public', () => createPublication('d', SWITCHES), 'POST', '/api/dashboards/uid/d/public-dashboards', sent],
    ['a change', () => changePublication('d', 'p', { isEnabled: false }), 'PATCH', '/api/dashboards/uid/d/public-dashboards/p', { isEnabled: false, share: 'public' }],
    ['the end', () => deletePublication('d', 'p'), 'DELETE', '/api/dashboards/uid/d/public-dashboards/p', undefined],
  ])('%s', async (_name, send, method, url, body) => {
    answerWith({});
    await send();
    expect(calls).toEqual([{ url, method, body }]);
  });
});

describe('by visitors', () => {
  test('the dashboard, and what they may', async () => {
    answerWith({ dashboard: { title: 'T' }, meta: { timeSelectionEnabled: true } });
    expect(await fetchPublicDashboard('t', signal)).toEqual({ dashboard: { title: 'T' }, mayChooseTime: true, showsAnnotations: false });
  });

  test('an answer of a panel says nothing of what it is asked', async () => {
    answerWith({ results: { A: { status: 200, frames: [{}] }, B: { error: 'no', frames: [] } } });
    const query = { refId: 'A', datasource: { uid: 'p', type: 'prometheus' }, intervalMs: 5000, maxDataPoints: 100, expr: 'up' };
    const results = await queryPublicPanel('t', { fromMs: 1, toMs: 2, queries: [query], dashboardUid: 'd', panelId: 4 }, signal);
    expect(results).toEqual([{ refId: 'A', frames: [{}], error: '' }, { refId: 'B', frames: [], error: 'no' }]);
    expect(calls).toEqual([{ url: '/api/public/dashboards/t/panels/4/query', method: 'POST', body: { intervalMs: 5000, maxDataPoints: 100, timeRange: { from: '1', to: '2' } } }]);
  });

  test('a panel whose queries all fail names each', async () => {
    answerWith({ results: { A: { error: 'no', frames: [] } } }, 400);
    expect(await queryPublicPanel('t', { fromMs: 1, toMs: 2, queries: [], dashboardUid: 'd', panelId: 4 }, signal)).toEqual([{ refId: 'A', frames: [], error: 'no' }]);
  });

  test('annotations', async () => {
    answerWith([{ time: 5, timeEnd: 0, text: 'x', tags: ['a', 1], color: 'red', panelId: 3 }]);
    expect(await fetchPublicNotes('t', { fromMs: 1, toMs: 2 }, signal)).toEqual([{ timeMs: 5, timeEndMs: 5, text: 'x', tags: ['a'], color: 'red', panelId: 3 }]);
    expect(calls[0]?.url).toBe('/api/public/dashboards/t/annotations?from=1&to=2');
  });

  test('a refusal leads nobody to the sign-in page', async () => {
    const signedOut = vi.fn<() => void>();
    onSignedOut(signedOut);
    answerWith({ message: 'Unauthorized' }, 401);
    await expect(fetchPublicDashboard('t', signal)).rejects.toThrow('Unauthorized');
    expect(signedOut).not.toHaveBeenCalled();
  });
});
