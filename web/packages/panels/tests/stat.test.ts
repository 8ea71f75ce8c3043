import { expect, test } from 'vitest';

import { lowValueFont } from '../src/stat/StatPanel';

test.each([
  ['a low tile', { width: 110, height: 36, count: 1 }, '24 GiB', 18],
  ['a narrow one', { width: 60, height: 36, count: 1 }, '1.4 hours', 60 * 1.6 / 9],
  ['a tiny one', { width: 20, height: 12, count: 1 }, '1.4 hours', 10],
  ['a tile with room', { width: 110, height: 44, count: 1 }, '24 GiB', undefined],
  ['several values', { width: 110, height: 36, count: 2 }, '24 GiB', undefined],
])('the font of a value in %s', (_, size, text, want) => {
  const font = lowValueFont(size, text);
  if (want === undefined) expect(font).toBeUndefined();
  else expect(font).toBeCloseTo(want);
});
