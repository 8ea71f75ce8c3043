// An expression laid out for people: what fits a line stays on it, what does not is broken at its parts.
import { parsePromql } from './read';
import type { Expr } from './types';
import { hasComment } from './strings';
import { writeGrouping, writeMatching, writePromql } from './write';

export type Formatted = { text: string; fault?: undefined } | { text?: undefined; fault: string };

// As long as promql format of the server lets a line be.
const LINE_MAX = 100;
const INDENT = '  ';

const bare = (expr: Expr): Expr => (expr.kind === 'paren' ? bare(expr.of) : expr);
const indented = (text: string): string => text.replace(/^/gm, INDENT);

/** Whether the text of `expr` as it is written within a binary one has parentheses around it. */
function operand(whole: string, part: Expr): string {
  const inner = bare(part);
  const flat = writePromql(inner);
  const isInParens = whole.includes(`(${flat})`) && inner.kind === 'binary';
  return isInParens ? `(\n${indented(layOut(inner))}\n)` : layOut(inner);
}

function callOf(head: string, args: readonly Expr[]): string {
  return `${head}(\n${args.map((arg) => indented(layOut(bare(arg)))).join(',\n')}\n)`;
}

function layOut(expr: Expr): string {
  const flat = writePromql(expr);
  if (flat.length <= LINE_MAX) return flat;
  switch (expr.kind) {
    case 'call':
      return callOf(expr.name, expr.args);
    case 'aggregate':
      return callOf(`${expr.op}${writeGrouping(expr.grouping)}`, expr.args);
    case 'binary': {
      const fill = expr.fill === '' ? '' : ` ${expr.fill}`;
      const operator = `${expr.op}${expr.isBool ? ' bool' : ''}${writeMatching(expr.matching)}${fill}`;
      return `${indented(operand(flat, expr.left))}\n${operator}\n${indented(operand(flat, expr.right))}`;
    }
    default:
      return flat;
  }
}

/** The same expression; refuses, with a sentence for a person, what it does not understand or would lose. */
export function formatPromql(text: string): Formatted {
  const { expr, fault } = parsePromql(text);
  if (!expr) return { fault };
  if (hasComment(text)) return { fault: 'A query with comments is left as it is written.' };
  const laidOut = layOut(bare(expr));
  const back = parsePromql(laidOut);
  const isSame = back.expr !== undefined && writePromql(back.expr) === writePromql(expr);
  return isSame ? { text: laidOut } : { fault: 'This query is left as it is written.' };
}
