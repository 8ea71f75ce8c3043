import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Aside } from '../src/aside';
import { answering, type FromWorker, type ToWorker } from '../src/answering';
import type { Call } from '../src/fetch_answer';

const CALL: Call = { url: '/api/ds/query', method: 'POST', headers: { 'X-Panel-Id': '7' }, body: '{}' };
const FRAME = { schema: { fields: [{ name: 'Time' }] }, data: { values: [[1, 2, 3]] } };
const BODY = { results: { A: { frames: [FRAME, FRAME] } } };

/** Runs the worker's half, and copies what is posted as between threads. */
class FakeWorker extends EventTarget {
  isEnded = false;
  private readonly answer = answering((message: FromWorker, transfer) => {
    const data: unknown = structuredClone(message, { transfer });
    if (!this.isEnded) this.dispatchEvent(new MessageEvent('message', { data }));
  });

  postMessage(message: ToWorker): void {
    void this.answer(structuredClone(message));
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const aside = (worker: FakeWorker = new FakeWorker()): Aside => new Aside(() => worker as unknown as Worker);
const asked = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('fetch', asked);
  asked.mockReset();
});
afterEach(() => vi.unstubAllGlobals());

test('asks in the worker, and hands over what it answers', async () => {
  asked.mockImplementation(async () => new Response(JSON.stringify(BODY), { status: 200, statusText: 'OK' }));
  const one = aside();
  expect(await one.fetch(CALL, null)).toEqual({ status: 200, statusText: 'OK', body: BODY });
  expect(asked).toHaveBeenCalledWith(new URL('/api/ds/query', document.baseURI).href, expect.objectContaining({ method: 'POST', headers: CALL.headers, body: '{}', credentials: 'same-origin' }));
  // Answers of questions that are under way together are told apart.
  asked.mockImplementation(async (_url, init) => new Response(String(init?.body)));
  const both = await Promise.all(['1', '"two"'].map((body) => one.fetch({ ...CALL, body }, null)));
  expect(both.map(({ body }) => body)).toEqual([1, 'two']);
});

test.each([
  ['{"message":"no"}', 400, { message: 'no' }],
  ['<html>', 502, '<html>'],
  ['', 404, undefined],
])('answers %j of status %i as it is', async (raw, status, body) => {
  asked.mockImplementation(async () => new Response(raw, { status }));
  expect(await aside().fetch(CALL, null)).toMatchObject({ status, body });
});

test('where no answer comes, it rejects', async () => {
  asked.mockRejectedValue(new TypeError('refused'));
  await expect(aside().fetch(CALL, null)).rejects.toThrow(TypeError);
});

test('what is given up rejects at once and ends the request', async () => {
  let inner: AbortSignal | null | undefined;
  asked.mockImplementation((_url, init) => {
    inner = init?.signal;
    return new Promise((_resolve, reject) => inner?.addEventListener('abort', () => reject(new Error('aborted'))));
  });
  const abort = new AbortController();
  const one = aside();
  const answer = one.fetch(CALL, abort.signal);
  abort.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  expect(inner?.aborted).toBe(true);
  await expect(one.fetch(CALL, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a worker whose script does not come is done without, what is under way included', async () => {
  asked.mockImplementation(() => new Promise(() => {}));
  const worker = new FakeWorker();
  const one = aside(worker);
  const answer = one.fetch(CALL, null);
  asked.mockImplementation(async () => new Response('3'));
  worker.dispatchEvent(new Event('error'));
  expect(await answer).toMatchObject({ body: 3 });
  expect(worker.isEnded).toBe(true);
  expect(await one.fetch(CALL, null)).toMatchObject({ body: 3 });
});

test('without workers the page asks for itself', async () => {
  vi.stubGlobal('Worker', undefined);
  asked.mockImplementation(async () => new Response('3'));
  expect(await aside().fetch(CALL, null)).toMatchObject({ body: 3 });
  vi.stubGlobal('Worker', FakeWorker);
  const forbidden = new Aside(() => {
    throw new DOMException('not by this policy', 'SecurityError');
  });
  expect(await forbidden.fetch(CALL, null)).toMatchObject({ body: 3 });
});
