// What differs between two versions of a dashboard, place by place. Pure.
import { isRecord } from './json';
import type { AnyRecord } from './types';

export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

// A server counts these up by itself.
const IGNORED = new Set(['version', 'id', 'iteration']);

const isEmpty = (value: unknown): boolean => value === undefined;

/** Lists are compared by the ids of their members where they have some, else by place. */
function keyed(list: readonly unknown[]): AnyRecord {
  const hasIds = list.every((one) => isRecord(one) && typeof one['id'] === 'number');
  return Object.fromEntries(list.map((one, index) => [hasIds && isRecord(one) ? `#${String(one['id'])}` : String(index), one]));
}

function walk(path: string, before: unknown, after: unknown, out: Difference[]): void {
  if (Object.is(before, after)) return;
  const a = Array.isArray(before) ? keyed(before) : before;
  const b = Array.isArray(after) ? keyed(after) : after;
  if (!isRecord(a) || !isRecord(b)) {
    if (!(isEmpty(before) && isEmpty(after))) out.push({ path, before, after });
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (path === '' && IGNORED.has(key)) continue;
    walk(path === '' ? key : `${path}.${key}`, a[key], b[key], out);
  }
}

export function differences(before: AnyRecord, after: AnyRecord): Difference[] {
  const out: Difference[] = [];
  walk('', before, after, out);
  return out;
}
