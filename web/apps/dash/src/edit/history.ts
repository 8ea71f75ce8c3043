// What has been done to a dashboard and can be undone. Pure.
export interface History<T> {
  now: T;
  /** Latest last. */
  past: readonly T[];
  future: readonly T[];
  saved: T;
}

// Enough for an afternoon; each step shares all it did not change with the one before.
const STEPS_MAX = 200;

export const begin = <T>(now: T): History<T> => ({ now, past: [], future: [], saved: now });

export function changed<T>(history: History<T>, next: T): History<T> {
  if (next === history.now) return history;
  return { ...history, now: next, past: [...history.past, history.now].slice(-STEPS_MAX), future: [] };
}

export function undone<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (!last) return history;
  return { ...history, now: last, past: history.past.slice(0, -1), future: [history.now, ...history.future] };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (!next) return history;
  return { ...history, now: next, past: [...history.past, history.now], future: rest };
}

/** After saving: what is shown is what is stored, and can still be undone. */
export const stored = <T>(history: History<T>, now: T): History<T> => ({ ...history, now, saved: now });

export const isDirty = <T>({ now, saved }: History<T>): boolean => now !== saved && JSON.stringify(now) !== JSON.stringify(saved);
