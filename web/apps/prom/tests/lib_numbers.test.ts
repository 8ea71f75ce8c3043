import { describe, expect, it } from 'vitest';
import { describeDuration, formatDuration, parseDuration } from '../src/lib/duration';
import { countOf, formatAxis, formatBytes, formatValue } from '../src/lib/number_text';
import { chooseStep, isStepTooSmall, nextRange } from '../src/lib/step';

describe('parseDuration', () => {
  it.each([
    ['1h', 3600],
    ['1h30m', 5400],
    ['2w', 1209600],
    ['1y', 31536000],
    ['250ms', 0.25],
    [' 15 ', 15],
    ['0.5', 0.5],
    ['0s', 0],
    ['', undefined],
    ['h', undefined],
    ['1m1h', undefined],
    ['-5m', undefined],
    ['1h 30m', undefined],
    ['5x', undefined],
  ])('%j is %s seconds', (text, want) => expect(parseDuration(text)).toBe(want));
});

describe('formatDuration', () => {
  it.each([
    [3600, '1h'],
    [5400, '1h30m'],
    [90061, '1d1h1m1s'],
    [604800, '1w'],
    [691200, '8d'],
    [0.25, '250ms'],
    [1.5, '1s500ms'],
    [0, '0s'],
    [-60, '-1m'],
  ])('%s is %s, and reads back', (seconds, want) => {
    expect(formatDuration(seconds)).toBe(want);
    if (seconds >= 0) expect(parseDuration(want)).toBe(seconds);
  });
});

describe('describeDuration', () => {
  it.each([
    [0.0123, '12ms'],
    [3.24, '3.2s'],
    [75, '1m 15s'],
    [3600, '1h'],
    [3605, '1h'],
    [90000, '1d 1h'],
    [864000, '10d'],
  ])('%s is %s', (seconds, want) => expect(describeDuration(seconds)).toBe(want));
});

describe('formatAxis', () => {
  it.each([
    [0, 1, '0'],
    [1500, 500, '1.5k'],
    [2000, 1000, '2k'],
    [1234567, 1000, '1.235M'],
    [0.25, 0.05, '0.25'],
    [0.30000000000000004, 0.1, '0.3'],
    [-20, 10, '-20'],
    [2.5e9, 5e8, '2.5G'],
    [1e-9, 1e-9, '1e-9'],
    [NaN, 1, 'NaN'],
    [Infinity, 1, '+Inf'],
  ])('%s at %s apart is %s', (value, increment, want) => expect(formatAxis(value, increment)).toBe(want));
});

describe('formatValue', () => {
  it.each([
    [42, '42'],
    [123456789012, '123456789012'],
    [0.1 + 0.2, '0.3'],
    [3.14159265, '3.14159'],
    [1234567.891, '1234567.891'],
    [1e-9, '1e-9'],
    [1e30, '1e+30'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('%s is %s', (value, want) => expect(formatValue(value)).toBe(want));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1572864, '1.5 MiB'],
    [2 ** 70, '1048576 PiB'],
  ])('%s is %s', (bytes, want) => expect(formatBytes(bytes)).toBe(want));
});

describe('countOf', () => {
  it.each([
    [0, '0 targets'],
    [1, '1 target'],
    [12345, '12,345 targets'],
  ])('%s is %s', (count, want) => expect(countOf(count, 'target')).toBe(want));
});

describe('chooseStep', () => {
  it.each([
    [3600, { kind: 'auto', density: 'medium' }, 14],
    [3600, { kind: 'auto', density: 'low' }, 36],
    [3600, { kind: 'auto', density: 'high' }, 4],
    [10, { kind: 'auto', density: 'high' }, 1],
    [3600, { kind: 'fixed', stepSeconds: 0.5 }, 0.5],
  ] as const)('for %s s with %j is %s s', (range, resolution, want) =>
    expect(chooseStep(range, resolution)).toBe(want),
  );

  it('knows what the API refuses', () => {
    expect(isStepTooSmall(10999, 1)).toBe(false);
    expect(isStepTooSmall(11000, 1)).toBe(true);
  });
});

describe('nextRange', () => {
  it.each([
    [3600, 'wider', 7200],
    [3600, 'narrower', 1800],
    [4000, 'narrower', 3600],
    [10, 'narrower', 10],
    [99999999, 'wider', 99999999],
  ] as const)('of %s, %s, is %s', (range, direction, want) => expect(nextRange(range, direction)).toBe(want));
});
