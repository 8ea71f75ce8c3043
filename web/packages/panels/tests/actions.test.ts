// Actions: what of a file is one, which calls they make, and what is never called.
import { describe, expect, test, vi } from 'vitest';

import { actionsAt } from '../src/actions/models';
import { readActions, type ActionConfig } from '../src/actions/read';
import { prepare, send } from '../src/actions/request';
import { onTold, type Told } from '../src/actions/tell';

const HERE = 'https://dash.example/d/x?from=now-1h';
const asIs = (text: string): string => text;
const action = (more: Partial<ActionConfig> = {}): ActionConfig => ({
  title: 'Go', question: '', isOneClick: false, variables: [], backgroundColor: undefined, method: 'POST', url: 'https://ops.example/go', queryParams: [], headers: [], body: '', ...more,
});
const config = (...actions: unknown[]) => ({ actions: actions as never });

describe('actions in a file', () => {
  test('what is left out is as by default', () => {
    expect(readActions(config({ fetch: { url: 'https://a.example' } }))).toEqual([action({ title: 'Action', url: 'https://a.example' })]);
  });
  test('everything that Grafana writes', () => {
    const [one] = readActions(config({
      type: 'fetch', title: 'T', confirmation: 'Sure?', oneClick: true, style: { backgroundColor: '#ff0000' }, variables: [{ key: 'why', name: 'Why', type: 'string' }, { name: 'no key' }],
      fetch: { method: 'put', url: 'u', headers: [['X-A', 'b'], ['', 'c'], 7], queryParams: [['q', 1]], body: '{}' },
    }));
    expect(one).toEqual(action({ title: 'T', question: 'Sure?', isOneClick: true, backgroundColor: '#ff0000', variables: [{ key: 'why', name: 'Why' }], method: 'PUT', url: 'u', headers: [['X-A', 'b']], queryParams: [['q', '1']], body: '{}' }));
  });
  test.each([[config({ type: 'infinity' })], [{ actions: 'none' as never }], [{}]])('%j holds none', (field) => expect(readActions(field)).toEqual([]));
  test.each(['red;background:url(x)', 'no colour', 7, ''])('%s is no colour of a button', (backgroundColor) => expect(readActions(config({ style: { backgroundColor } }))[0]?.backgroundColor).toBeUndefined());
  test('a method that is none is kept from calling', () => expect(prepare(readActions(config({ fetch: { method: 'CONNECT', url: 'https://a.example' } }))[0] ?? action(), asIs, HERE).refusal).toContain('method'));
});

describe('calls of actions', () => {
  test.each(['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'blob:https://dash.example/1', 'http://', ''])('%s is refused', (url) => {
    expect(prepare(action({ url, method: 'GET' }), asIs, HERE).refusal).toBeTruthy();
  });
  test.each(['/api/dashboards/uid/x', 'api/x', 'https://dash.example/api/admin', '//dash.example/x'])('nothing is changed on this server by %s', (url) => {
    expect(prepare(action({ url }), asIs, HERE).refusal).toContain('this server');
    expect(prepare(action({ url, method: 'GET' }), asIs, HERE).request?.isOwn).toBe(true);
  });
  test('variables stand in all of its parts, parameters are written for addresses', () => {
    const write = (text: string): string => text.replaceAll('$v', 'a b&c');
    const { request } = prepare(action({ url: 'https://ops.example/go?x=1', queryParams: [['q', '$v']], headers: [['X-V', '$v']], body: '{"v":"$v"}' }), write, HERE);
    expect(request).toEqual({ method: 'POST', url: 'https://ops.example/go?x=1&q=a+b%26c', headers: { 'X-V': 'a b&c', 'Content-Type': 'application/json' }, body: '{"v":"a b&c"}', isOwn: false });
  });
  test('a type that is given stays, and GET has no body', () => {
    expect(prepare(action({ headers: [['content-type', 'text/plain']], body: 'x' }), asIs, HERE).request?.headers).toEqual({ 'content-type': 'text/plain' });
    expect(prepare(action({ method: 'GET', body: 'x' }), asIs, HERE).request?.body).toBeUndefined();
  });
  test('others are not told who asks', async () => {
    const ask = vi.fn(async () => new Response('', { status: 204 }));
    const { request } = prepare(action(), asIs, HERE);
    if (!request) throw new Error('refused');
    await expect(send(request, ask)).resolves.toBe('HTTP 204');
    expect(ask).toHaveBeenCalledWith('https://ops.example/go', expect.objectContaining({ method: 'POST', credentials: 'omit', referrerPolicy: 'no-referrer' }));
  });
  test('an answer that is a failure is told', async () => {
    const { request } = prepare(action(), asIs, HERE);
    if (!request) throw new Error('refused');
    await expect(send(request, async () => new Response('', { status: 500 }))).rejects.toThrow('answered with HTTP 500');
  });
});

describe('actions that are pressed', () => {
  const place = (url: string) => ({ config: config({ title: 'Go $why', fetch: { method: 'GET', url } }), frame: undefined, field: undefined });
  const write = (text: string, _format?: 'html', scoped?: Record<string, { value: unknown } | undefined>): string => text.replace('$why', String(scoped?.['why']?.value ?? ''));
  test('nothing is called until they are, and a refused one not even then', async () => {
    const ask = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 200 }));
    const told: Told[] = [];
    const stop = onTold((one) => told.push(one));
    const [good] = actionsAt(place('https://ops.example/$why'), write);
    const [bad] = actionsAt(place('javascript:alert(1)'), write);
    good?.confirmation({ why: 'x' });
    bad?.confirmation({});
    expect(ask).not.toHaveBeenCalled();
    bad?.onClick(undefined, undefined, {});
    good?.onClick(undefined, undefined, { why: 'x' });
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(ask.mock.calls.map(([url]) => url)).toEqual(['https://ops.example/x']);
    expect(told.map(({ severity, title }) => [severity, title])).toEqual([['error', 'Go '], ['success', 'Go x']]);
    stop();
    ask.mockRestore();
  });
});
