// From a tree to text: one line, parentheses only where the grammar needs them.
import { isBareLabel, isBareName, quote } from './strings';
import type { Expr, Grouping, Matcher, Matching } from './types';

// How tightly an operator binds. Source: Prometheus, "Binary operator precedence".
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const UNARY = 5;
const OPERAND = 7;

const label = (name: string): string => (isBareLabel(name) ? name : quote(name));
const labelList = (labels: readonly string[]): string => `(${labels.map(label).join(', ')})`;

export function writeMatcher({ label: name, op, value }: Matcher): string {
  return `${label(name)}${op}${quote(value)}`;
}

function vector(name: string, matchers: readonly Matcher[]): string {
  const inner = matchers.map(writeMatcher);
  if (name !== '' && !isBareName(name)) return `{${[quote(name), ...inner].join(', ')}}`;
  return inner.length > 0 || name === '' ? `${name}{${inner.join(', ')}}` : name;
}

export function writeGrouping(grouping: Grouping): string {
  return grouping ? ` ${grouping.kind} ${labelList(grouping.labels)} ` : '';
}

export function writeMatching(matching: Matching | undefined): string {
  if (!matching) return '';
  const { kind, labels, group } = matching;
  const grouped = group ? ` group_${group.side} ${labelList(group.labels)}` : '';
  return ` ${kind} ${labelList(labels)}${grouped}`;
}

function precedenceOf(expr: Expr): number {
  if (expr.kind === 'binary') return PRECEDENCE[expr.op] ?? 0;
  return expr.kind === 'unary' ? UNARY : OPERAND;
}

const inParens = (expr: Expr, isNeeded: boolean): string => (isNeeded ? `(${writePromql(expr)})` : writePromql(expr));

function bare(expr: Expr): Expr {
  return expr.kind === 'paren' ? bare(expr.of) : expr;
}

function binary(expr: Expr & { kind: 'binary' }): string {
  const own = precedenceOf(expr);
  const [left, right] = [bare(expr.left), bare(expr.right)];
  const isRightFirst = expr.op === '^';
  const leftNeeds = precedenceOf(left) < own || (isRightFirst && precedenceOf(left) === own);
  const rightNeeds = precedenceOf(right) < own || (!isRightFirst && precedenceOf(right) === own);
  const fill = expr.fill === '' ? '' : ` ${expr.fill}`;
  return `${inParens(left, leftNeeds)} ${expr.op}${expr.isBool ? ' bool' : ''}${writeMatching(expr.matching)}${fill} ${inParens(right, rightNeeds)}`;
}

/** A range cannot stand behind a range, nor anything behind an operation, without parentheses. */
function suffixed(of: Expr, suffix: string): string {
  const inner = bare(of);
  return `${inParens(inner, precedenceOf(inner) < OPERAND)}${suffix}`;
}

export function writePromql(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.text;
    case 'string':
      return quote(expr.value);
    case 'vector':
      return vector(expr.name, expr.matchers);
    case 'range':
      return suffixed(expr.of, `[${expr.range}]`);
    case 'modified':
      return suffixed(expr.of, ` ${expr.modifier}`);
    case 'call':
      return `${expr.name}(${expr.args.map((arg) => writePromql(bare(arg))).join(', ')})`;
    case 'aggregate':
      return `${expr.op}${writeGrouping(expr.grouping)}(${expr.args.map((arg) => writePromql(bare(arg))).join(', ')})`;
    case 'binary':
      return binary(expr);
    case 'unary': {
      const inner = bare(expr.of);
      return `${expr.op}${inParens(inner, precedenceOf(inner) <= UNARY)}`;
    }
    case 'paren':
      return writePromql(expr.of);
  }
}

/** The tree with every node changed, from the inside out. */
export function mapExpr(expr: Expr, change: (expr: Expr) => Expr): Expr {
  const inner = (one: Expr): Expr => mapExpr(one, change);
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vector':
      return change(expr);
    case 'range':
    case 'modified':
    case 'unary':
    case 'paren':
      return change({ ...expr, of: inner(expr.of) });
    case 'call':
    case 'aggregate':
      return change({ ...expr, args: expr.args.map(inner) });
    case 'binary':
      return change({ ...expr, left: inner(expr.left), right: inner(expr.right) });
  }
}
