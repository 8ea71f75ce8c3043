// What a person has chosen while looking - values of variables, filters, the time range - as what the dashboard
// starts with. Pure.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, records, text, texts } from '@narthex/dashmodel/json';
import { isMulti, type AdhocFilter, type Variable } from '@narthex/vars';

/** Several values stand under `values` as well, as Grafana writes them. */
const filterJson = ({ key, op, values }: AdhocFilter): AnyRecord => ({ key, operator: op, value: values[0] ?? '', ...(isMulti(op) ? { values } : {}) });

const valuesOf = (value: unknown): string[] => (Array.isArray(value) ? texts(value) : [text(value)]);
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function keptVariable(json: AnyRecord, { type, filters, value, text: shown }: Variable): AnyRecord {
  if (type === 'adhoc') {
    const next = filters.map(filterJson);
    return isSame(next, records(json['filters'])) ? json : { ...json, filters: next };
  }
  // A constant has no choice, and what has no value yet keeps what it had.
  if (type === 'constant' || isSame(valuesOf(record(json['current'])['value']), valuesOf(value))) return json;
  return { ...json, current: { text: shown, value } };
}

/** The dashboard with the values in force as its own; the same object where they are already. */
export function withVariables(dashboard: AnyRecord, variables: readonly Variable[]): AnyRecord {
  const templating = record(dashboard['templating']);
  const before = records(templating['list']);
  const after = before.map((json) => {
    const variable = variables.find(({ name }) => name === json['name']);
    return variable ? keptVariable(json, variable) : json;
  });
  return after.every((json, index) => json === before[index]) ? dashboard : { ...dashboard, templating: { ...templating, list: after } };
}

export function withTime(dashboard: AnyRecord, time: { from: string; to: string }): AnyRecord {
  const { from, to } = record(dashboard['time']);
  return from === time.from && to === time.to ? dashboard : { ...dashboard, time };
}
