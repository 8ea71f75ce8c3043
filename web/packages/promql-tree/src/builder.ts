// An expression as the builder holds it: a metric, filters, and operations one after the other. Both ways; what it
// cannot hold without changing its meaning it does not take.
import { findFunction, type FunctionSpec } from './functions';
import { parsePromql } from './read';
import { hasComment } from './strings';
import type { Expr, Grouping, Matcher, Matching } from './types';
import { writePromql } from './write';

export type Operation =
  | { kind: 'function'; name: string; args: string[]; range: string }
  | { kind: 'aggregate'; name: string; args: string[]; grouping: Grouping }
  /** With a number: on the right, or on the left as in `100 - x`. */
  | { kind: 'scalar'; op: string; value: string; isBool: boolean; isLeft: boolean }
  | { kind: 'query'; op: string; isBool: boolean; matching: Matching | undefined; right: BuilderQuery };

export interface BuilderQuery {
  metric: string;
  matchers: Matcher[];
  /** Words about time behind the selector: `offset 5m`. */
  modifiers: string[];
  operations: Operation[];
}

export type Built = { query: BuilderQuery; fault?: undefined } | { query?: undefined; fault: string };

export const EMPTY_QUERY: BuilderQuery = { metric: '', matchers: [], modifiers: [], operations: [] };

class NotHeld extends Error {}

const bare = (expr: Expr): Expr => (expr.kind === 'paren' ? bare(expr.of) : expr);

function literal(given: Expr): string {
  const expr = bare(given);
  if (expr.kind === 'number') return expr.text;
  if (isTime(expr)) return 'time()';
  if (expr.kind === 'string') return expr.value;
  if (expr.kind === 'unary' && bare(expr.of).kind === 'number') return writePromql(expr);
  // A variable in the place of a number reads as a name.
  if (expr.kind === 'vector' && expr.matchers.length === 0 && /^(\$|\[\[)/.test(expr.name)) return expr.name;
  throw new NotHeld(`${writePromql(expr)} stands where the builder takes a plain value.`);
}

const isTime = (expr: Expr): boolean => expr.kind === 'call' && expr.name.toLowerCase() === 'time';

const isLiteral = (given: Expr): boolean => {
  const expr = bare(given);
  return expr.kind === 'number' || isTime(expr) || (expr.kind === 'unary' && isLiteral(expr.of));
};

function plus(query: BuilderQuery, operation: Operation): BuilderQuery {
  return { ...query, operations: [...query.operations, operation] };
}

/** Splits the arguments into the expression and the plain values around it. */
function split(spec: FunctionSpec | undefined, name: string, args: readonly Expr[]): { inner: Expr; args: string[] } {
  if (!spec) throw new NotHeld(`The builder does not know ${name}().`);
  const inner = args[spec.at];
  if (!inner) throw new NotHeld(`${name}() without an expression is not for the builder.`);
  return { inner, args: args.filter((_, index) => index !== spec.at).map(literal) };
}

/** A window and the words behind it: `x[5m] offset 1m`. */
function unwindow(given: Expr): { of: Expr; range: string; modifiers: string[] } {
  const expr = bare(given);
  if (expr.kind === 'range') return { of: expr.of, range: expr.range, modifiers: [] };
  if (expr.kind !== 'modified') return { of: expr, range: '', modifiers: [] };
  const inner = unwindow(expr.of);
  return { ...inner, modifiers: [...inner.modifiers, expr.modifier] };
}

function fromCall(expr: Expr & { kind: 'call' }): BuilderQuery {
  const spec = findFunction(expr.name);
  const { inner, args } = split(spec, expr.name, expr.args);
  if (!spec?.isRange) return plus(fromTree(inner), { kind: 'function', name: expr.name, args, range: '' });
  const { of, range, modifiers } = unwindow(inner);
  if (range === '') throw new NotHeld(`${expr.name}() without a window is not for the builder.`);
  const query = fromTree(of);
  if (modifiers.length > 0 && (range.includes(':') || query.operations.length > 0)) throw new NotHeld(`The builder has no place for ${modifiers.join(' ')} behind a subquery.`);
  return plus({ ...query, modifiers: [...query.modifiers, ...modifiers] }, { kind: 'function', name: expr.name, args, range });
}

function fromBinary({ op, isBool, matching, fill, left, right }: Expr & { kind: 'binary' }): BuilderQuery {
  if (fill !== '') throw new NotHeld(`The builder has no place for ${fill}.`);
  if (isLiteral(right)) return plus(fromTree(left), { kind: 'scalar', op, value: literal(right), isBool, isLeft: false });
  if (isLiteral(left)) return plus(fromTree(right), { kind: 'scalar', op, value: literal(left), isBool, isLeft: true });
  return plus(fromTree(left), { kind: 'query', op, isBool, matching, right: fromTree(right) });
}

function fromTree(given: Expr): BuilderQuery {
  const expr = bare(given);
  switch (expr.kind) {
    case 'vector':
      return { metric: expr.name, matchers: expr.matchers, modifiers: [], operations: [] };
    case 'modified': {
      const query = fromTree(expr.of);
      if (query.operations.length > 0) throw new NotHeld(`The builder has no place for ${expr.modifier} behind an operation.`);
      return { ...query, modifiers: [...query.modifiers, expr.modifier] };
    }
    case 'call':
      return fromCall(expr);
    case 'aggregate': {
      const { inner, args } = split(findFunction(expr.op), expr.op, expr.args);
      return plus(fromTree(inner), { kind: 'aggregate', name: expr.op, args, grouping: expr.grouping });
    }
    case 'binary':
      return fromBinary(expr);
    case 'unary':
      if (expr.op === '-') return plus(fromTree(expr.of), { kind: 'scalar', op: '*', value: '-1', isBool: false, isLeft: false });
      return fromTree(expr.of);
    default:
      throw new NotHeld(`${writePromql(expr)} alone is not for the builder: it starts at a metric.`);
  }
}

const plainArg = (value: string, kind: 'number' | 'string'): Expr => (kind === 'string' ? { kind: 'string', value } : { kind: 'number', text: value.trim() || '0' });

function withArgs(name: string, inner: Expr, args: readonly string[]): Expr[] {
  const spec = findFunction(name);
  const last = spec?.params.at(-1)?.kind ?? 'number';
  const plain = args.map((value, index) => plainArg(value, spec?.params[index]?.kind ?? last));
  return [...plain.slice(0, spec?.at ?? 0), inner, ...plain.slice(spec?.at ?? 0)];
}

/** Right at the selector a plain window; around anything else it has to be a subquery. */
function windowed(inner: Expr, range: string, modifiers: readonly string[], isFirst: boolean): Expr {
  const window = isFirst || range.includes(':') ? range : `${range}:`;
  if (window.includes(':')) return { kind: 'range', of: modified(inner, modifiers), range: window };
  return modified({ kind: 'range', of: inner, range: window }, modifiers);
}

const modified = (inner: Expr, modifiers: readonly string[]): Expr => modifiers.reduce<Expr>((of, modifier) => ({ kind: 'modified', of, modifier }), inner);

const binary = (op: string, isBool: boolean, left: Expr, right: Expr): Expr & { kind: 'binary' } => ({ kind: 'binary', op, isBool, matching: undefined, fill: '', left, right });

function applied(inner: Expr, operation: Operation): Expr {
  switch (operation.kind) {
    case 'function':
      return { kind: 'call', name: operation.name, args: withArgs(operation.name, inner, operation.args) };
    case 'aggregate':
      return { kind: 'aggregate', op: operation.name, grouping: operation.grouping, args: withArgs(operation.name, inner, operation.args) };
    case 'scalar': {
      const value = plainArg(operation.value, 'number');
      return operation.isLeft ? binary(operation.op, operation.isBool, value, inner) : binary(operation.op, operation.isBool, inner, value);
    }
    case 'query':
      return { ...binary(operation.op, operation.isBool, inner, toTree(operation.right)), matching: operation.matching };
  }
}

function toTree({ metric, matchers, modifiers, operations }: BuilderQuery): Expr {
  const selector: Expr = { kind: 'vector', name: metric, matchers };
  const [first, ...rest] = operations;
  const startsWithWindow = first?.kind === 'function' && first.range !== '';
  let expr: Expr = startsWithWindow ? applied(windowed(selector, first.range, modifiers, true), first) : modified(selector, modifiers);
  for (const operation of startsWithWindow ? rest : operations) {
    const isWindow = operation.kind === 'function' && operation.range !== '';
    expr = applied(isWindow ? windowed(expr, operation.range, [], false) : expr, operation);
  }
  return expr;
}

/** Empty until a metric or a filter is chosen. */
export function builderToText(query: BuilderQuery): string {
  return query.metric === '' && query.matchers.length === 0 ? '' : writePromql(toTree(query));
}

const plainMinus = (text: string): string => text.replace(/\s+/g, '');

/** Refuses, with a sentence for a person, what would not come back as it was. */
export function textToBuilder(text: string): Built {
  if (text.trim() === '') return { query: EMPTY_QUERY };
  const { expr, fault } = parsePromql(text);
  if (!expr) return { fault };
  if (hasComment(text)) return { fault: 'The builder has no place for the comments of this query.' };
  try {
    const query = fromTree(expr);
    const back = parsePromql(builderToText(query));
    const isSame = back.expr !== undefined && plainMinus(writePromql(signed(back.expr))) === plainMinus(writePromql(signed(expr)));
    return isSame ? { query } : { fault: 'The builder cannot hold this query as it is.' };
  } catch (error) {
    if (error instanceof NotHeld) return { fault: error.message };
    throw error;
  }
}

/** A leading minus and `* -1` are the same. */
function signed(expr: Expr): Expr {
  const one = bare(expr);
  switch (one.kind) {
    case 'unary':
      return isLiteral(one) ? one : one.op === '+' ? signed(one.of) : binary('*', false, signed(one.of), { kind: 'number', text: '-1' });
    case 'call':
    case 'aggregate':
      return { ...one, args: one.args.map(signed) };
    case 'binary':
      return { ...one, left: signed(one.left), right: signed(one.right) };
    case 'range':
    case 'modified':
      return { ...one, of: signed(one.of) };
    default:
      return one;
  }
}

