// Changes to the list of operations of a query under construction. Pure.
import { builderToText, EMPTY_QUERY, findFunction, FUNCTIONS, isAggregation, textToBuilder, type BuilderQuery, type Operation } from '@narthex/promql-tree';

export const SCALAR_OPS = ['+', '-', '*', '/', '%', '^', '==', '!=', '>', '<', '>=', '<='] as const;
export const QUERY_OPS = [...SCALAR_OPS, 'atan2', 'and', 'or', 'unless'] as const;
export const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);

const RANGE_DEFAULT = '$__rate_interval';
export const WITH_NUMBER = 'number';
export const WITH_QUERY = 'query';

export interface OperationChoice {
  value: string;
  label: string;
  group: string;
}

/** Everything that can be added, by group. `time` and `vector` start an expression, they do not follow one. */
export const CHOICES: readonly OperationChoice[] = [
  ...FUNCTIONS.filter(({ name }) => name !== 'time' && name !== 'vector').map(({ name, category }) => ({ value: name, label: name, group: category })),
  { value: WITH_NUMBER, label: 'Calculate with a number', group: 'Operators' },
  { value: WITH_QUERY, label: 'Calculate with another query', group: 'Operators' },
];

export function newOperation(id: string): Operation {
  if (id === WITH_NUMBER) return { kind: 'scalar', op: '*', value: '100', isBool: false, isLeft: false };
  if (id === WITH_QUERY) return { kind: 'query', op: '/', isBool: false, matching: undefined, right: EMPTY_QUERY };
  const spec = findFunction(id);
  const args = spec?.params.map(({ value }) => value) ?? [];
  if (isAggregation(id)) return { kind: 'aggregate', name: id, args, grouping: undefined };
  return { kind: 'function', name: id, args, range: spec?.isRange ? RANGE_DEFAULT : '' };
}

const hasWindow = (operation: Operation | undefined): boolean => operation?.kind === 'function' && operation.range !== '';

/** At the end, but for the first function over a window: that one belongs right behind the metric. */
export function withOperation(query: BuilderQuery, id: string): BuilderQuery {
  const operation = newOperation(id);
  const goesFirst = hasWindow(operation) && !query.operations.some(hasWindow);
  return { ...query, operations: goesFirst ? [operation, ...query.operations] : [...query.operations, operation] };
}

export function replaced(query: BuilderQuery, index: number, operation: Operation): BuilderQuery {
  return { ...query, operations: query.operations.map((one, at) => (at === index ? operation : one)) };
}

export function removed(query: BuilderQuery, index: number): BuilderQuery {
  return { ...query, operations: query.operations.filter((_, at) => at !== index) };
}

export function moved(query: BuilderQuery, index: number, by: -1 | 1): BuilderQuery {
  const operations = [...query.operations];
  const [one] = operations.splice(index, 1);
  if (one) operations.splice(index + by, 0, one);
  return { ...query, operations };
}

export interface Hint {
  label: string;
  apply: (query: BuilderQuery) => BuilderQuery;
}

function quantileOf(query: BuilderQuery, labels: string[]): BuilderQuery {
  const grouping = labels.length > 0 ? ({ kind: 'by', labels } as const) : undefined;
  const sum: Operation = { kind: 'aggregate', name: 'sum', args: [], grouping: grouping && { ...grouping, labels } };
  return { ...query, operations: [newOperation('rate'), sum, newOperation('histogram_quantile')] };
}

/** What usually comes next for a metric of this type. Source: spec grafana.md, PROM-12. */
export function hintFor(query: BuilderQuery, type: string): Hint | undefined {
  const { metric, operations } = query;
  if (metric === '' || operations.some(hasWindow)) return undefined;
  if (/_bucket$/.test(metric)) return { label: 'A histogram in buckets: show a quantile', apply: (one) => quantileOf(one, ['le']) };
  if (type === 'counter' || /_total$/.test(metric) || (type === 'histogram' && /_(sum|count)$/.test(metric))) {
    return { label: 'A counter only grows: show its rate', apply: (one) => withOperation(one, 'rate') };
  }
  return type === 'histogram' && operations.length === 0 ? { label: 'A native histogram: show a quantile', apply: (one) => quantileOf(one, []) } : undefined;
}

/** The same for an expression that is written as code; undefined where nothing comes next, or it is no builder's. */
export function hintForText(text: string, typeOf: (metric: string) => string): { label: string; expr: string } | undefined {
  const { query } = textToBuilder(text);
  const hint = query && hintFor(query, typeOf(query.metric));
  return query && hint && { label: hint.label, expr: builderToText(hint.apply(query)) };
}
