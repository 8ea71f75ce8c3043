import { expect, test } from 'vitest';

import { LARGE_LENGTH, parseLarge } from '../src/large_json';

const frame = (name: string, count: number, values?: unknown[]) => ({ schema: { name, fields: [{ name: 'Time', type: 'time' }] }, data: { values: [values ?? Array.from({ length: count }, (_, at) => at / 7)] } });
const frames = (count: number) => Array.from({ length: count }, (_, at) => frame(`series ${at}`, 40));
const body = (lists: Record<string, unknown[]>) => ({ results: Object.fromEntries(Object.entries(lists).map(([refId, list]) => [refId, { status: 200, frames: list, error: '' }])), traceId: 'x' });

/** The pieces that JSON.parse is asked for, longest first. */
async function parsedIn(raw: string): Promise<{ result: unknown; lengths: number[] }> {
  const lengths: number[] = [];
  const parse = JSON.parse;
  JSON.parse = (one: string) => {
    lengths.push(one.length);
    return parse(one) as unknown;
  };
  try {
    return { result: await parseLarge(raw), lengths: lengths.toSorted((a, b) => b - a) };
  } finally {
    JSON.parse = parse;
  }
}

test.each<[string, Record<string, unknown[]>]>([
  ['one list', { A: frames(900) }],
  ['several lists', { A: frames(900), B: frames(1), C: frames(700) }],
  ['names of lists that are numbers, which objects sort', { '9': frames(900), '2': frames(500), '10': [] }],
  ['names that look like frames', { A: [...frames(900), frame('{"schema":1},{"schema":', 9), frame('"frames":[', 9), ...frames(20)] }],
])('%s: is what JSON.parse gives, never parsed at a stretch', async (_name, lists) => {
  const raw = JSON.stringify(body(lists));
  expect(raw.length).toBeGreaterThan(LARGE_LENGTH);
  const { result, lengths } = await parsedIn(raw);
  expect(result).toEqual(body(lists));
  expect(lengths[0]).toBeLessThan(1 << 17);
});

test.each<[string, string]>([
  ['frames within frames', JSON.stringify(body({ A: [...frames(900), frame('outer', 0, [frames(2), frames(3)])] }))],
  ['blanks between its parts', JSON.stringify(body({ A: frames(900) }), null, 1)],
  ['frames elsewhere', JSON.stringify({ results: {}, other: { frames: frames(900) } })],
  ['a list of frames alone', JSON.stringify(frames(900))],
  ['one frame', JSON.stringify(body({ A: [frame('large', 60_000)] }))],
  ['no frames', JSON.stringify(Array.from({ length: 60_000 }, (_, at) => at))],
])('%s: is what JSON.parse gives', async (_name, raw) => {
  expect(raw.length).toBeGreaterThan(LARGE_LENGTH);
  expect(await parseLarge(raw)).toEqual(JSON.parse(raw));
});

test('what is cut off, or broken within, is an error as ever', async () => {
  const raw = JSON.stringify(body({ A: frames(900) }));
  for (const broken of [raw.slice(0, -40), raw.slice(0, raw.length / 2), raw.replace('"series 450"', '"series 450')]) {
    await expect(parseLarge(broken)).rejects.toThrow(SyntaxError);
  }
});
