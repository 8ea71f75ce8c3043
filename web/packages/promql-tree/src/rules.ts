// Names of recording rules in an expression, replaced by what they record.
import { narrowed } from './filters';
import { parsePromql } from './read';
import type { Expr, Matcher } from './types';
import { mapExpr, writePromql } from './write';

export interface RecordingRule {
  name: string;
  expr: string;
  /** Those that the rule puts on what it records. */
  labels: Readonly<Record<string, string>>;
}

/** A rule that surely recorded what is selected: a matcher of a label that the rule sets has to hold as it stands. */
function mayRecord({ labels }: RecordingRule, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ label, op, value }) => !(label in labels) || (op === '=' && labels[label] === value));
}

/** The selected series as the rule computes them; undefined where several rules record the name, or none. */
function computed({ name, matchers }: Expr & { kind: 'vector' }, rules: readonly RecordingRule[]): Expr | undefined {
  const [rule, ...others] = rules.filter((one) => one.name === name && mayRecord(one, matchers));
  if (!rule || others.length > 0) return undefined;
  const { expr } = parsePromql(rule.expr);
  if (!expr) return undefined;
  const filters = matchers.filter(({ label }) => !(label in rule.labels));
  return { kind: 'paren', of: mapExpr(expr, (one) => narrowed(one, { filters, groupBy: [] })) };
}

/** The expression with its rules written out; undefined where it names none, or none that can be. */
export function expandRules(text: string, rules: readonly RecordingRule[]): string | undefined {
  const { expr } = parsePromql(text);
  if (!expr) return undefined;
  const written = new Set<Expr>();
  let isImpossible = false;
  const expanded = mapExpr(expr, (one) => {
    if (one.kind === 'vector') {
      const found = computed(one, rules);
      if (found) written.add(found);
      return found ?? one;
    }
    // Of samples that a rule wrote a range is taken; of an expression, only a subquery.
    if (one.kind === 'range' && written.has(one.of)) return one.range.includes(':') ? one : { ...one, range: `${one.range}:` };
    if (one.kind === 'modified' && written.has(one.of)) isImpossible = true;
    return one;
  });
  return written.size === 0 || isImpossible ? undefined : writePromql(expanded);
}

/** The sum of the expression; undefined for one that is a single series already, or no expression. */
export function summed(text: string): string | undefined {
  const { expr } = parsePromql(text);
  if (!expr || expr.kind === 'aggregate' || expr.kind === 'number' || expr.kind === 'string') return undefined;
  return writePromql({ kind: 'aggregate', op: 'sum', grouping: undefined, args: [expr] });
}
