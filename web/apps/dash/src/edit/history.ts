// What has been done to a dashboard and can be undone. Pure.
import type { AnyRecord } from '@narthex/dashmodel';

export interface History {
  now: AnyRecord;
  /** Latest last. */
  past: readonly AnyRecord[];
  future: readonly AnyRecord[];
  saved: AnyRecord;
}

// Enough for an afternoon; each step shares all it did not change with the one before.
const STEPS_MAX = 200;

export const begin = (json: AnyRecord): History => ({ now: json, past: [], future: [], saved: json });

export function changed(history: History, json: AnyRecord): History {
  if (json === history.now) return history;
  return { ...history, now: json, past: [...history.past, history.now].slice(-STEPS_MAX), future: [] };
}

export function undone(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return { ...history, now: last, past: history.past.slice(0, -1), future: [history.now, ...history.future] };
}

export function redone(history: History): History {
  const [next, ...rest] = history.future;
  if (!next) return history;
  return { ...history, now: next, past: [...history.past, history.now], future: rest };
}

/** After saving: what is shown is what is stored, and can still be undone. */
export const stored = (history: History, json: AnyRecord): History => ({ ...history, now: json, saved: json });

export const isDirty = ({ now, saved }: History): boolean => now !== saved && JSON.stringify(now) !== JSON.stringify(saved);
