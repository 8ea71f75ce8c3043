// What the names in a dashboard's text mean: its variables, the values bound for a copy, the built-in ones.
import type { VariableJson } from '@narthex/dashmodel';
import { flag, isRecord, number, record, records, text, texts, type AnyRecord } from '@narthex/dashmodel/json';
import { calculateInterval, parseDurationMs, type TimeWindow } from '@narthex/timeutil';
import { ALL_VALUE, isMulti, variableToUrl, type AdhocFilter, type ScopeLookup, type ScopeValue, type Variable, type VariableValue } from '@narthex/vars';

import { matchersText } from './adhoc';

function valueOf(value: unknown): VariableValue {
  if (Array.isArray(value)) return value.map((one) => text(one));
  return text(value);
}

/** The query of a variable is text, or an object whose text stands under `query`. */
function queryText(json: VariableJson): string {
  const query = json['query'];
  return isRecord(query) ? text(query['query']) : text(query);
}

/** Several values stand under `values`, a single one under `value`. */
function filterOf(json: AnyRecord): AdhocFilter[] {
  const [key, op] = [text(json['key']), text(json['operator'], '=')];
  const several = texts(json['values']);
  return key === '' ? [] : [{ key, op, values: isMulti(op) && several.length > 0 ? several : [text(json['value'])] }];
}

export function variableFromJson(json: VariableJson): Variable {
  const current = record(json['current']);
  const ref = record(json['datasource']);
  return {
    name: json.name,
    label: text(json['label']) || json.name,
    type: json.type,
    hide: number(json['hide'], 0),
    multi: flag(json['multi']),
    includeAll: flag(json['includeAll']),
    allValue: text(json['allValue']),
    skipUrlSync: flag(json['skipUrlSync']),
    allowsCustom: flag(json['allowCustomValue'], true),
    auto: flag(json['auto']) ? { count: number(json['auto_count'], 30), least: text(json['auto_min'], '10s') } : undefined,
    query: queryText(json),
    regex: text(json['regex']),
    sort: number(json['sort'], 0),
    refresh: number(json['refresh'], 0),
    datasource: isRecord(json['datasource']) ? { uid: text(ref['uid']), type: text(ref['type']) } : null,
    options: records(json['options']).map((option) => ({ text: text(option['text']), value: text(option['value']) })),
    value: valueOf(current['value']),
    text: valueOf(current['text']),
    filters: json.type === 'adhoc' ? records(json['filters']).flatMap(filterOf) : [],
  };
}

export const AUTO_VALUE = '$__auto';
const isAuto = (value: VariableValue): boolean => value === AUTO_VALUE || (typeof value === 'string' && value.startsWith('$__auto_interval'));

/** All stands for its own value, else for every option; an automatic interval for what the range asks for. */
function scopeValue(variable: Variable, rangeMs: number): ScopeValue {
  if (variable.auto && isAuto(variable.value)) {
    const { count, least } = variable.auto;
    const { text: interval } = calculateInterval(rangeMs, count, parseDurationMs(least) ?? 0);
    return { value: interval, text: interval, variable };
  }
  if (variable.type === 'adhoc') return { value: matchersText(variable.filters) };
  if (variable.type === 'groupby') return { value: [variable.value].flat().join(',') };
  const isAll = variable.value === ALL_VALUE || (Array.isArray(variable.value) && variable.value.includes(ALL_VALUE));
  if (!isAll) return { value: variable.value, text: variable.text, variable };
  // A value written by hand for All is used as it stands, so it comes without its variable.
  if (variable.allValue) return { value: variable.allValue, text: 'All' };
  const values = variable.options.map(({ value }) => value).filter((value) => value !== ALL_VALUE);
  return { value: values, text: 'All', variable };
}

export interface BuiltinContext {
  window: TimeWindow;
  dashboard: { uid: string; title: string };
  user: { id: number; login: string; email: string };
  timeZone: string;
}

/** Step and rate interval are not here: the server fills them in, as it knows the final step. */
export function builtinScope({ window, dashboard, user, timeZone }: BuiltinContext): ScopeLookup {
  const scope: Record<string, ScopeValue> = {
    __from: { value: String(window.fromMs) },
    __to: { value: String(window.toMs) },
    __dashboard: { value: dashboard.title, fields: dashboard },
    __user: { value: String(user.id), fields: user },
    __org: { value: '1', fields: { id: 1, name: 'Main Org.' } },
    __timezone: { value: timeZone },
    __url_time_range: { value: `from=${window.fromMs}&to=${window.toMs}` },
  };
  return (name) => scope[name];
}

/** Every variable as it stands in the address of a dashboard, for links that carry them on. */
function variablesForUrl(variables: readonly Variable[]): string {
  return variables
    .flatMap((variable) => {
      const { key, values } = variableToUrl(variable);
      return values.map((value) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
    })
    .join('&');
}

export function panelLookup(
  variables: readonly Variable[],
  bound: Readonly<Record<string, { text: string; value: string }>>,
  builtins: ScopeLookup,
): ScopeLookup {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return (name) => {
    if (name === '__all_variables') return { value: variablesForUrl(variables) };
    const variable = byName.get(name);
    const own = bound[name];
    if (own) return { ...own, ...(variable ? { variable } : {}) };
    if (!variable) return builtins(name);
    const [from, to] = [builtins('__from'), builtins('__to')].map((found) => Number(found?.value ?? 0));
    return scopeValue(variable, (to ?? 0) - (from ?? 0));
  };
}
