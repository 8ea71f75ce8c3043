// Gives every variable its options and its value, in the order in which they need each other.
import type { TimeWindow } from '@narthex/timeutil';
import {
  ALL_VALUE,
  customOptions,
  dependencyOrder,
  filtersFromUrl,
  filterByRegex,
  interpolate,
  intervalOptions,
  jsonOptions,
  prometheusFormat,
  selectCurrent,
  sortOptions,
  usedBy,
  withStatic,
  type ScopeLookup,
  type Variable,
  type VariableOption,
  type VariableValue,
} from '@narthex/vars';

import { findDataSource, sourceType, type SourceList } from './datasource';
import { AUTO_VALUE, panelLookup } from './scope';
import { fetchVariableTexts, type FetchResource } from './variable_query';

export interface ResolveContext {
  sources: SourceList;
  window: TimeWindow;
  builtins: ScopeLookup;
  /** Values from the address; they win over those in the file. */
  wanted: ReadonlyMap<string, VariableValue>;
  /** The values that were in force before; none when the page opens. */
  before?: ReadonlyMap<string, VariableValue>;
  fetchResource: FetchResource;
}

export interface Resolved {
  variables: Variable[];
  /** What went wrong, by the name of the variable. */
  errors: Map<string, string>;
  /** Those whose value in the address went with the choices that it was from. */
  replaced: Variable[];
}

async function queryOptions(variable: Variable, done: readonly Variable[], context: ResolveContext): Promise<VariableOption[]> {
  const lookup = panelLookup(done, {}, context.builtins);
  const write = (text: string) => interpolate(text, { lookup });
  const source = findDataSource(context.sources, variable.datasource, write);
  if (!source) throw new Error(`Data source ${write(variable.datasource?.uid ?? '')} was not found`);
  const query = interpolate(variable.query, { lookup, write: prometheusFormat });
  const texts = await fetchVariableTexts(query, source.uid, context.window, context.fetchResource);
  return withStatic(sortOptions(filterByRegex(texts, write(variable.regex)), variable.sort), variable);
}

function dataSourceOptions(variable: Variable, { sources }: ResolveContext): VariableOption[] {
  const ofType = sources.dataSources.filter(({ type }) => type === sourceType(variable.query));
  const names = filterByRegex(ofType.map(({ name }) => name), variable.regex).map(({ text }) => text);
  return ofType.filter(({ name }) => names.includes(name)).map(({ name, uid }) => ({ text: name, value: uid }));
}

/** On and off, with the values that the file gives them. */
function switchOptions({ options }: Variable): VariableOption[] {
  return options.length > 0 ? options : [{ text: 'On', value: 'true' }, { text: 'Off', value: 'false' }];
}

async function optionsOf(variable: Variable, done: readonly Variable[], context: ResolveContext): Promise<VariableOption[] | undefined> {
  switch (variable.type) {
    case 'query':
      return variable.refresh === 0 ? variable.options : queryOptions(variable, done, context);
    case 'custom':
      return variable.valuesFormat === 'json' ? jsonOptions(variable.query) : customOptions(variable.query);
    case 'interval':
      return [...(variable.auto ? [{ text: 'auto', value: AUTO_VALUE }] : []), ...intervalOptions(variable.query)];
    case 'switch':
      return switchOptions(variable);
    case 'datasource':
      return dataSourceOptions(variable, context);
    default:
      return undefined;
  }
}

function textOf(value: VariableValue, options: readonly VariableOption[]): VariableValue {
  const one = (wanted: string) =>
    wanted === ALL_VALUE ? 'All' : (options.find((option) => option.value === wanted)?.text ?? wanted);
  return Array.isArray(value) ? value.map(one) : one(value);
}

/** A name in the address stands for a data source as well as its uid does. */
function dataSourceValue(wanted: VariableValue, options: readonly VariableOption[]): VariableValue {
  const one = (name: string) => options.find(({ text }) => text === name)?.value ?? name;
  return Array.isArray(wanted) ? wanted.map(one) : one(wanted);
}

const isSame = (a: VariableValue | undefined, b: VariableValue | undefined): boolean => a !== undefined && b !== undefined && [a].flat().join('\n') === [b].flat().join('\n');

/** True where the variable asks for others than before, because one that it uses has another value now. */
function asksAnew(variable: Variable, done: readonly Variable[], { before = new Map<string, VariableValue>() }: ResolveContext): boolean {
  return usedBy(variable).some((name) => before.has(name) && done.some((one) => one.name === name && !isSame(before.get(name), one.value)));
}

/** What a person asked for by address stays, even when the data do not offer it now; but not what was chosen from other choices. */
function staysAsked(variable: Variable, done: readonly Variable[], context: ResolveContext): boolean {
  const fromUrl = context.wanted.get(variable.name);
  if (fromUrl === undefined || fromUrl === '' || variable.type === 'datasource') return false;
  return !isSame(context.before?.get(variable.name), fromUrl) || !asksAnew(variable, done, context);
}

function withOptions(variable: Variable, options: VariableOption[], context: ResolveContext, done: readonly Variable[]): Variable {
  const fromUrl = context.wanted.get(variable.name);
  let wanted = fromUrl ?? variable.value;
  if (fromUrl === 'All' && variable.includeAll) wanted = ALL_VALUE;
  // Its name before version 12 carried the variable's.
  if (typeof wanted === 'string' && wanted.startsWith('$__auto_interval')) wanted = AUTO_VALUE;
  if (variable.type === 'datasource') wanted = dataSourceValue(wanted, options);
  const known = staysAsked(variable, done, context) ? [...options, ...[wanted].flat().map((value) => ({ text: value, value }))] : options;
  const value = selectCurrent(variable, variable.multi ? [wanted].flat() : wanted, known);
  return { ...variable, options, value, text: textOf(value, options) };
}

/** Filters and groupings have no list of choices: these are asked for when a person opens one. */
function withoutChoices(variable: Variable, context: ResolveContext): Variable {
  const wanted = context.wanted.get(variable.name);
  if (variable.type === 'adhoc') return { ...variable, filters: wanted === undefined ? variable.filters : filtersFromUrl(wanted) };
  const value = [wanted ?? variable.value].flat().filter((one) => one !== '');
  return { ...variable, value, text: value };
}

function withoutOptions(variable: Variable, context: ResolveContext): Variable {
  if (variable.type === 'adhoc' || variable.type === 'groupby') return withoutChoices(variable, context);
  const fixed = variable.type === 'constant' ? variable.query : undefined;
  const wanted = context.wanted.get(variable.name);
  const own = typeof variable.value === 'string' && variable.value !== '' ? variable.value : variable.query;
  const value = fixed ?? (Array.isArray(wanted) ? wanted.join(',') : wanted) ?? own;
  return { ...variable, value, text: value };
}

export async function resolveVariables(variables: readonly Variable[], context: ResolveContext): Promise<Resolved> {
  const done: Variable[] = [];
  const errors = new Map<string, string>();
  for (const group of dependencyOrder(variables)) {
    const resolved = await Promise.all(
      group.map(async (variable) => {
        try {
          const options = await optionsOf(variable, done, context);
          return options ? withOptions(variable, options, context, done) : withoutOptions(variable, context);
        } catch (error) {
          errors.set(variable.name, error instanceof Error ? error.message : String(error));
          return withOptions(variable, [], context, done);
        }
      }),
    );
    done.push(...resolved);
  }
  const order = new Map(variables.map(({ name }, index) => [name, index]));
  const all = done.toSorted((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
  const wasAsked = ({ name }: Variable): boolean => isSame(context.before?.get(name), context.wanted.get(name));
  return { variables: all, errors, replaced: all.filter((variable) => wasAsked(variable) && !isSame(variable.value, context.wanted.get(variable.name))) };
}
