// Filters and groupings of a dashboard, put into each selector and aggregation of an expression by way of its tree.
import type { Expr, Matcher } from './types';
import { parsePromql } from './read';
import { mapExpr, writePromql } from './write';

export interface Narrowing {
  filters: readonly Matcher[];
  /** Labels to keep apart in every aggregation. */
  groupBy: readonly string[];
}

const same = (a: Matcher, b: Matcher): boolean => a.label === b.label && a.op === b.op && a.value === b.value;

function withGrouping(expr: Expr & { kind: 'aggregate' }, labels: readonly string[]): Expr {
  const grouping = expr.grouping ?? { kind: 'by' as const, labels: [] };
  const others = grouping.labels.filter((one) => !labels.includes(one));
  // Behind `without`, a label is kept apart by not being named.
  return { ...expr, grouping: { kind: grouping.kind, labels: grouping.kind === 'without' ? others : [...grouping.labels, ...labels.filter((one) => !grouping.labels.includes(one))] } };
}

export function narrowed(expr: Expr, { filters, groupBy }: Narrowing): Expr {
  if (expr.kind === 'vector') {
    const added = filters.filter((filter) => !expr.matchers.some((own) => same(own, filter)));
    return { ...expr, matchers: [...expr.matchers, ...added] };
  }
  return expr.kind === 'aggregate' && groupBy.length > 0 ? withGrouping(expr, groupBy) : expr;
}

/** Throws, with a sentence for a person, where the expression is not understood: to ask it without the filters would mislead. */
export function narrowPromql(text: string, narrowing: Narrowing): string {
  if (text.trim() === '' || (narrowing.filters.length === 0 && narrowing.groupBy.length === 0)) return text;
  const { expr, fault } = parsePromql(text);
  if (!expr) throw new Error(`The filters cannot be put into this query. ${fault}`);
  return writePromql(mapExpr(expr, (one) => narrowed(one, narrowing)));
}
