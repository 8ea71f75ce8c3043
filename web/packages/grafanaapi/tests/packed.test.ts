import { record } from '@narthex/dashmodel/json';
import { expect, test } from 'vitest';

import { pack, putBack, unpackFrames } from '../src/packed';

const TIMES = [1000, 2000, 3000];
const frame = (name: string, ...values: unknown[]) => ({ schema: { name, fields: values.map((_, at) => ({ name: `f${at}` })) }, data: { values } });
const body = (lists: Record<string, unknown[]>) => ({ results: Object.fromEntries(Object.entries(lists).map(([refId, frames]) => [refId, { status: 200, frames }])), traceId: 'x' });

/** As over the wire: structured clones of what is posted. */
function overAndBack(given: unknown): unknown {
  const packed = structuredClone(pack(structuredClone(given)));
  const frames = new Map<string, unknown[]>();
  for (const piece of packed.pieces) frames.set(piece.refId, [...(frames.get(piece.refId) ?? []), ...unpackFrames(piece)]);
  return putBack(packed.body, frames);
}

test.each<[string, unknown]>([
  ['numbers', body({ A: [frame('a', TIMES, [1, -0.5, 1e300])] })],
  ['nulls among numbers', body({ A: [frame('a', TIMES, [1, null, 3])] })],
  ['hardly a number', body({ A: [frame('a', TIMES, [null, null, 3])] })],
  ['words, truths, objects', body({ A: [frame('a', TIMES, ['x', '2', ''], [true, false, null], [{ le: 1 }, [1], null])] })],
  ['nothing at all', body({ A: [frame('a', [], [])] })],
  ['several queries, one of them empty', body({ A: [frame('a', TIMES, [1, 2, 3])], B: [], C: [frame('c', TIMES, [4, 5, 6]), frame('c2', TIMES, [7, 8, 9])] })],
  ['entities beside the values', { results: { A: { frames: [{ schema: {}, data: { values: [TIMES, [1, null, 2]], entities: [null, { NaN: [1] }] } }] } } }],
  ['columns of other lengths', body({ A: [frame('a', TIMES, [1]), frame('b', TIMES.slice(1), [2]), frame('c', TIMES, [3])] })],
  ['frames of no known form', body({ A: [null, 7, {}, { data: null }, { data: { values: 3 } }, { data: { values: [1, null, 'x'] } }] })],
  ['more frames than one piece holds', body({ A: Array.from({ length: 700 }, (_, at) => frame(`a${at}`, TIMES, [at, at, at])) })],
  ['an error', { results: { A: { error: 'no', status: 400 } } }],
  ['no results', { message: 'no' }],
  ['a list', [1, 2]],
  ['a word', 'Bad gateway'],
  ['nothing', undefined],
])('%s: come back as they were', (_name, given) => {
  expect(overAndBack(given)).toEqual(given);
});

test('a time that frames share goes over once, and is one array again', () => {
  const { pieces } = pack(body({ A: [frame('a', [...TIMES], [1, 2, 3]), frame('b', [...TIMES], [1, 2, 3]), frame('c', [...TIMES], [4, 5, 6])] }));
  expect(pieces.map(({ numbers }) => numbers.length)).toEqual([3 * 3]);
  const columns = pieces.flatMap(unpackFrames).map((one) => record(record(one)['data'])['values']);
  const [a, b, c] = columns.map((values) => (Array.isArray(values) ? values : []));
  expect(b?.[0]).toBe(a?.[0]);
  expect(c?.[0]).toBe(a?.[0]);
  expect(c?.[1]).not.toBe(a?.[1]);
  expect(columns).toEqual([[TIMES, [1, 2, 3]], [TIMES, [1, 2, 3]], [TIMES, [4, 5, 6]]]);
});

test('pieces are small', () => {
  const many = pack(body({ A: Array.from({ length: 1000 }, () => frame('a', TIMES, TIMES)) })).pieces;
  expect(Math.max(...many.map(({ frames }) => frames.length))).toBeLessThanOrEqual(200);
  const long = pack(body({ A: Array.from({ length: 10 }, (_, name) => frame('a', Array.from({ length: 40_000 }, (_one, at) => at + name))) })).pieces;
  expect(Math.max(...long.map(({ numbers }) => numbers.length))).toBeLessThanOrEqual(100_000);
});
