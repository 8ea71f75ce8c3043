// Variables in the address: var-name=a&var-name=b.
import { filterToUrl } from './adhoc';
import type { Variable, VariableValue } from './types';

const PREFIX = 'var-';

export function readUrlValues(search: URLSearchParams): Map<string, VariableValue> {
  const values = new Map<string, VariableValue>();
  for (const key of new Set(search.keys())) {
    if (!key.startsWith(PREFIX)) continue;
    const all = search.getAll(key);
    values.set(key.slice(PREFIX.length), all.length === 1 ? (all[0] ?? '') : all);
  }
  return values;
}

/** The values to write behind the variable's key; empty when it stays out of the address. */
export function variableToUrl(variable: Variable): { key: string; values: string[] } {
  const key = PREFIX + variable.name;
  if (variable.skipUrlSync || variable.type === 'constant') return { key, values: [] };
  // An empty value tells that the filters of the file are taken off.
  if (variable.type === 'adhoc') return { key, values: variable.filters.length > 0 ? variable.filters.map(filterToUrl) : [''] };
  return { key, values: Array.isArray(variable.value) ? variable.value : [variable.value] };
}
