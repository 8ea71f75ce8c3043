import { describe, expect, test } from 'vitest';

import { diagnose } from '../src/templated_lint';

describe('expressions with variables', () => {
  test.each([
    ['rate(x{job=~"$job"}[$__rate_interval])', []],
    ['rate(x{job=~"$job"[$__rate_interval])', [18]],
    ['sum($metric', [11]],
    ['sum(x', []],
    ['', []],
  ])('%s', (text, want) => expect(diagnose(text).map(({ from }) => from)).toEqual(want));
});
