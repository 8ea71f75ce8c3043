// 12 refresh as a number, 23 shape of the value, 27 visible constants, 29 refresh of queries.
import { isRecord } from '../json';
import type { AnyRecord } from '../types';
import { allVariables } from './walk';

export function refreshNumbers(dashboard: AnyRecord): void {
  for (const variable of allVariables(dashboard)) {
    if (typeof variable['refresh'] === 'boolean') variable['refresh'] = variable['refresh'] ? 1 : 0;
    if (variable['hideVariable']) variable['hide'] = 2;
    else if (variable['hideLabel']) variable['hide'] = 1;
  }
}

export function multiValueShape(dashboard: AnyRecord): void {
  for (const variable of allVariables(dashboard)) {
    const current = variable['current'];
    if (!isRecord(current)) continue;
    for (const key of ['text', 'value']) {
      const value = current[key];
      if (variable['multi'] && value !== undefined && !Array.isArray(value)) current[key] = [value];
      if (!variable['multi'] && Array.isArray(value)) current[key] = value[0] ?? '';
    }
  }
}

export function constantVariables(dashboard: AnyRecord): void {
  for (const variable of allVariables(dashboard)) {
    if (variable['type'] !== 'constant' || variable['hide'] === 2) continue;
    variable['type'] = 'textbox';
  }
}

export function queryRefresh(dashboard: AnyRecord): void {
  for (const variable of allVariables(dashboard)) {
    if (variable['type'] !== 'query') continue;
    if (variable['refresh'] !== 1 && variable['refresh'] !== 2) variable['refresh'] = 1;
    variable['options'] = [];
  }
}
