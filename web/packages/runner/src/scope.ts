// What the names in a dashboard's text mean: its variables, the values bound for a copy, the built-in ones.
import type { VariableJson } from '@narthex/dashmodel';
import { flag, isRecord, number, record, records, text, texts, type AnyRecord } from '@narthex/dashmodel/json';
import { calculateInterval, parseDurationMs, type TimeWindow } from '@narthex/timeutil';
import { ALL_VALUE, isMulti, variableToUrl, type AdhocFilter, type ScopeLookup, type ScopeValue, type Variable, type VariableOption, type VariableValue } from '@narthex/vars';

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

const optionsIn = (value: unknown): VariableOption[] => records(value).map((option) => ({ text: text(option['text']), value: text(option['value']) }));
/** A key has a text, and a value where that is another. */
const keysIn = (value: unknown): VariableOption[] => records(value).map((key) => ({ text: text(key['text']) || text(key['value']), value: text(key['value']) || text(key['text']) }));
const staticOrder = (value: unknown): Variable['staticOptionsOrder'] => (value === 'after' || value === 'sorted' ? value : 'before');

export function variableFromJson(json: VariableJson): Variable {
  const current = record(json['current']);
  const ref = record(json['datasource']);
  return {
    name: json.name,
    label: text(json['label']) || json.name,
    type: json.type,
    hide: number(json['hide'], 0),
    description: text(json['description']),
    multi: flag(json['multi']),
    includeAll: flag(json['includeAll']),
    allValue: text(json['allValue']),
    skipUrlSync: flag(json['skipUrlSync']),
    allowsCustom: flag(json['allowCustomValue'], true),
    auto: flag(json['auto']) ? { count: number(json['auto_count'], 30), least: text(json['auto_min'], '10s') } : undefined,
    query: queryText(json),
    valuesFormat: json['valuesFormat'] === 'json' ? 'json' : 'csv',
    staticOptions: optionsIn(json['staticOptions']),
    staticOptionsOrder: staticOrder(json['staticOptionsOrder']),
    regex: text(json['regex']),
    sort: number(json['sort'], 0),
    refresh: number(json['refresh'], 0),
    datasource: isRecord(json['datasource']) ? { uid: text(ref['uid']), type: text(ref['type']) } : null,
    options: optionsIn(json['options']),
    value: valueOf(current['value']),
    text: valueOf(current['text']),
    filters: json.type === 'adhoc' ? records(json['filters']).flatMap(filterOf) : [],
    baseFilters: json.type === 'adhoc' ? records(json['baseFilters']).flatMap(filterOf) : [],
    defaultKeys: json.type === 'adhoc' && Array.isArray(json['defaultKeys']) ? keysIn(json['defaultKeys']) : undefined,
  };
}

export const AUTO_VALUE = '$__auto';
const isAuto = (value: VariableValue): boolean => value === AUTO_VALUE || (typeof value === 'string' && value.startsWith('$__auto_interval'));

/** What the choices in force say besides their values. */
function fieldsOf({ options }: Variable, value: VariableValue): Pick<ScopeValue, 'fields'> {
  const propertiesOf = (one: string) => options.find((option) => option.value === one)?.properties;
  const found = Array.isArray(value) ? value.flatMap((one) => propertiesOf(one) ?? []) : propertiesOf(value);
  return found === undefined || (Array.isArray(found) && found.length === 0) ? {} : { fields: found };
}

/** All stands for its own value, else for every option; an automatic interval for what the range asks for. */
function scopeValue(variable: Variable, rangeMs: number): ScopeValue {
  if (variable.auto && isAuto(variable.value)) {
    const { count, least } = variable.auto;
    const { text: interval } = calculateInterval(rangeMs, count, parseDurationMs(least) ?? 0);
    return { value: interval, text: interval, variable };
  }
  if (variable.type === 'adhoc') return { value: matchersText(variable.filters) };
  if (variable.type === 'groupby') return { value: [variable.value].flat().join(',') };
  // The words beside a switch say how it stands; what is written is its value, in headings as well.
  if (variable.type === 'switch') return { value: variable.value, variable };
  const isAll = variable.value === ALL_VALUE || (Array.isArray(variable.value) && variable.value.includes(ALL_VALUE));
  if (!isAll) return { value: variable.value, text: variable.text, variable, ...fieldsOf(variable, variable.value) };
  // A value written by hand for All is used as it stands, so it comes without its variable.
  if (variable.allValue) return { value: variable.allValue, text: 'All' };
  const values = variable.options.map(({ value }) => value).filter((value) => value !== ALL_VALUE);
  return { value: values, text: 'All', variable, ...fieldsOf(variable, values) };
}

/** The address of the page, as it is when it is asked for. */
function addressScope(): ScopeValue {
  const { pathname, search } = window.location;
  return { value: pathname + search, fields: { path: pathname, params: search } };
}

export interface BuiltinContext {
  window: TimeWindow;
  dashboard: { uid: string; title: string };
  user: { id: number; login: string; email: string; orgId: number; orgName: string };
  timeZone: string;
  theme: string;
}

/** Step and rate interval are not here: the server fills them in, as it knows the final step. */
export function builtinScope({ window, dashboard, user, timeZone, theme }: BuiltinContext): ScopeLookup {
  const scope: Record<string, ScopeValue> = {
    __from: { value: String(window.fromMs) },
    __to: { value: String(window.toMs) },
    __dashboard: { value: dashboard.title, fields: dashboard },
    __user: { value: String(user.id), fields: user },
    __org: { value: String(user.orgId), fields: { id: user.orgId, name: user.orgName } },
    __theme: { value: theme },
    __timezone: { value: timeZone },
    __url_time_range: { value: `from=${window.fromMs}&to=${window.toMs}` },
  };
  return (name) => (name === '__url' ? addressScope() : scope[name]);
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
