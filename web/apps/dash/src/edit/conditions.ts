// Conditions on queries as expressions have them: a number that a query is reduced to, against one or two others. Pure.
import type { AnyRecord } from '@narthex/dashmodel';
import { number, record, text } from '@narthex/dashmodel/json';

type Choices = ReadonlyArray<readonly [value: string, label: string]>;

export const RANGES: ReadonlySet<string> = new Set(['within_range', 'outside_range', 'within_range_included', 'outside_range_included']);

export const COMPARISONS: Choices = [
  ['gt', 'Is above'],
  ['lt', 'Is below'],
  ['eq', 'Is equal to'],
  ['ne', 'Is not equal to'],
  ['gte', 'Is above or equal to'],
  ['lte', 'Is below or equal to'],
  ['within_range', 'Is within range'],
  ['outside_range', 'Is outside range'],
  ['within_range_included', 'Is within range included'],
  ['outside_range_included', 'Is outside range included'],
];

/** Of classic conditions, which may ask for no value as well. */
export const CLASSIC_COMPARISONS: Choices = [...COMPARISONS, ['no_value', 'Has no value']];

export const CLASSIC_REDUCERS: Choices = [
  ['avg', 'Average'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['sum', 'Sum'],
  ['count', 'Count'],
  ['last', 'Last'],
  ['median', 'Median'],
  ['diff', 'Difference'],
  ['diff_abs', 'Difference (absolute)'],
  ['percent_diff', 'Difference in percent'],
  ['percent_diff_abs', 'Difference in percent (absolute)'],
  ['count_non_null', 'Count of values that are not null'],
];

export const OPERATORS: Choices = [
  ['and', 'And'],
  ['or', 'Or'],
];

export interface ConditionView {
  query: string;
  reducer: string;
  comparison: string;
  /** As many as the comparison takes. */
  params: number[];
  operator: string;
}

const paramCount = (comparison: string): number => (comparison === 'no_value' ? 0 : RANGES.has(comparison) ? 2 : 1);

const paramsFor = (comparison: string, given: readonly unknown[]): number[] => Array.from({ length: paramCount(comparison) }, (_, at) => number(given[at], 0));

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? [...(value as unknown[])] : []);

export function viewOf(condition: AnyRecord): ConditionView {
  const evaluator = record(condition['evaluator']);
  const comparison = text(evaluator['type'], 'gt');
  const operator = text(record(condition['operator'])['type'], 'and');
  return {
    query: text(listOf(record(condition['query'])['params'])[0]),
    reducer: text(record(condition['reducer'])['type'], 'last'),
    comparison,
    params: paramsFor(comparison, listOf(evaluator['params'])),
    operator: operator.replace('logic-', ''),
  };
}

/** The condition with what is seen of it changed; what else it holds stays. */
export function withView(condition: AnyRecord, change: Partial<ConditionView>): AnyRecord {
  const { query, reducer, comparison, params, operator } = { ...viewOf(condition), ...change };
  return {
    type: 'query',
    ...condition,
    query: { ...record(condition['query']), params: [query, ...listOf(record(condition['query'])['params']).slice(1)] },
    reducer: { params: [], ...record(condition['reducer']), type: reducer },
    evaluator: { ...record(condition['evaluator']), type: comparison, params: paramsFor(comparison, params) },
    operator: { ...record(condition['operator']), type: operator },
  };
}

export const freshCondition = (query: string): AnyRecord => withView({}, { query });
