import { NO_DATA } from '@narthex/runner';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { LOADING_BAR_DELAY_MS, quietly } from '../src/dashboard/quietly';

const FETCHING = { ...NO_DATA, isFetching: true };
const DONE = { ...NO_DATA, state: 'done' as const };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a quick refresh is told of once, when it is done', () => {
  const told = vi.fn<(data: typeof NO_DATA) => void>();
  const tell = quietly(told);
  tell(FETCHING);
  vi.advanceTimersByTime(LOADING_BAR_DELAY_MS - 1);
  tell(DONE);
  vi.advanceTimersByTime(LOADING_BAR_DELAY_MS * 2);
  expect(told.mock.calls).toEqual([[DONE]]);
});

test('a slow one is told of meanwhile', () => {
  const told = vi.fn<(data: typeof NO_DATA) => void>();
  const tell = quietly(told);
  tell(FETCHING);
  vi.advanceTimersByTime(LOADING_BAR_DELAY_MS);
  expect(told.mock.calls).toEqual([[FETCHING]]);
  tell(DONE);
  expect(told).toHaveBeenLastCalledWith(DONE);
});
