import { afterEach, expect, test, vi } from 'vitest';

import { fetchLibraryElements, LibraryConflict, updateLibraryElement } from '../src/library';

const element = (uid: string) => ({ uid, name: `Panel ${uid}`, model: { type: 'stat' }, kind: 1 });

/** What is asked for, in order. */
function serve(answers: Record<string, unknown>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const answer = answers[url];
    return new Response(JSON.stringify(answer ?? { message: 'not found' }), { status: answer ? 200 : 404 });
  });
  return asked;
}

const LIST = '/api/library-elements?kind=1&perPage=500';
const { signal } = new AbortController();

afterEach(() => vi.unstubAllGlobals());

test('one question tells which there are, and of none that is gone', async () => {
  const asked = serve({ [LIST]: { result: { totalCount: 2, elements: [element('a'), element('b')] } } });
  const found = await fetchLibraryElements(['a', 'gone'], signal);
  expect([...found]).toEqual([['a', { uid: 'a', name: 'Panel a', model: { type: 'stat' } }]]);
  expect(asked).toEqual([LIST]);
});

test('where there are more than a list holds, the rest is asked for', async () => {
  const asked = serve({ [LIST]: { result: { totalCount: 900, elements: [element('a')] } }, '/api/library-elements/b%2F1': { result: element('b/1') } });
  const found = await fetchLibraryElements(['a', 'b/1', 'gone'], signal);
  expect([...found.keys()]).toEqual(['a', 'b/1']);
  expect(asked).toEqual([LIST, '/api/library-elements/b%2F1', '/api/library-elements/gone']);
});

test('an answer that is none fails', async () => {
  serve({});
  await expect(fetchLibraryElements(['a'], signal)).rejects.toThrow('not found');
});

test('a change names the version that it is of; one of an earlier version is a conflict', async () => {
  const sent: unknown[] = [];
  const answers = [{ status: 200, body: { result: { ...element('a'), version: 4 } } }, { status: 412, body: { message: 'changed by someone else' } }, { status: 403, body: { message: 'not yours' } }];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push([init.method, url, JSON.parse(String(init.body))]);
    const { status, body } = answers[sent.length - 1] ?? { status: 500, body: {} };
    return new Response(JSON.stringify(body), { status });
  });
  const change = { uid: 'a', name: 'Panel a', model: { type: 'gauge' }, version: 3 };
  expect(await updateLibraryElement(change)).toMatchObject({ uid: 'a', version: 4 });
  expect(sent).toEqual([['PATCH', '/api/library-elements/a', { name: 'Panel a', model: { type: 'gauge' }, version: 3, kind: 1 }]]);
  await expect(updateLibraryElement(change)).rejects.toThrow(LibraryConflict);
  await expect(updateLibraryElement(change)).rejects.toThrow('not yours');
});
