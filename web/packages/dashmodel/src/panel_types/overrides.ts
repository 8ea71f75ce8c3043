// Building blocks of the new field configuration.
import type { AnyRecord } from '../types';

export interface Override {
  matcher: { id: string; options: unknown };
  properties: Array<{ id: string; value: unknown }>;
}

/** An alias between slashes is a regular expression, anything else a name. */
export function overrideFor(alias: string, properties: Override['properties']): Override {
  const id = /^\/.*\/[a-z]*$/.test(alias) ? 'byRegexp' : 'byName';
  return { matcher: { id, options: alias }, properties };
}

/** Without the keys that have no value: what is not said keeps the default. */
export function given(values: AnyRecord): AnyRecord {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== null));
}
