// From text to a tree, with the grammar that Prometheus ships for its own editor. Variables of a dashboard may
// stand wherever a name, a number or a duration may.
import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

import { maskVariables } from './mask';
import { unquote } from './strings';
import type { Expr, Grouping, Matcher, Matching, Parsed } from './types';

class Unreadable extends Error {}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'LineComment') found.push(child);
  return found;
}

/** The wording of one text, for the tree of its masked form. */
class Reader {
  constructor(private readonly source: string) {}

  text({ from, to }: { from: number; to: number }): string {
    return this.source.slice(from, to);
  }

  /** A string that holds a reference keeps its wording: what replaces it is written for quotes. */
  private string(node: SyntaxNode): string {
    return unquote(this.text(node));
  }

  private matcher(node: SyntaxNode): Matcher {
    if (node.name === 'QuotedLabelName') return { label: '__name__', op: '=', value: this.string(node) };
    const [label, op, value] = childrenOf(node);
    if (!label || !op || !value) throw new Unreadable(`unreadable matcher ${this.text(node)}`);
    const name = label.name === 'QuotedLabelName' ? this.string(label) : this.text(label);
    return { label: name, op: this.text(op) as Matcher['op'], value: this.string(value) };
  }

  private vector(node: SyntaxNode): Expr {
    const identifier = node.getChild('Identifier');
    const inner = node.getChild('LabelMatchers');
    const all = inner ? childrenOf(inner) : [];
    const quoted = all.find(({ name }) => name === 'QuotedLabelName');
    const matchers = all.filter((one) => one !== quoted).map((one) => this.matcher(one));
    const name = identifier ? this.text(identifier) : quoted ? this.string(quoted) : '';
    return { kind: 'vector', name, matchers };
  }

  private labels(node: SyntaxNode | null | undefined): string[] {
    return node ? childrenOf(node).map((one) => (one.name === 'QuotedLabelName' ? this.string(one) : this.text(one))) : [];
  }

  private args(node: SyntaxNode): Expr[] {
    const body = node.getChild('FunctionCallBody');
    return body ? childrenOf(body).map((one) => this.expr(one)) : [];
  }

  private aggregate(node: SyntaxNode): Expr {
    const op = node.getChild('AggregateOp');
    const modifier = node.getChild('AggregateModifier');
    const grouping: Grouping = modifier
      ? { kind: modifier.getChild('By') ? 'by' : 'without', labels: this.labels(modifier.getChild('GroupingLabels')) }
      : undefined;
    return { kind: 'aggregate', op: op ? this.text(op).toLowerCase() : '', grouping, args: this.args(node) };
  }

  private matching(node: SyntaxNode): Matching {
    const [labels, grouped] = node.getChildren('GroupingLabels');
    const side = node.getChild('GroupLeft') ? 'left' : node.getChild('GroupRight') ? 'right' : undefined;
    return {
      kind: node.getChild('On') ? 'on' : 'ignoring',
      labels: this.labels(labels),
      group: side ? { side, labels: this.labels(grouped) } : undefined,
    };
  }

  private binary(node: SyntaxNode): Expr {
    const parts = childrenOf(node);
    const [left, op] = parts;
    const right = parts.at(-1);
    if (!left || !op || !right) throw new Unreadable(`unreadable operation ${this.text(node)}`);
    const matching = node.getChild('MatchingModifierClause');
    const fill = node.getChild('FillModifier');
    return {
      kind: 'binary',
      op: this.text(op).toLowerCase(),
      isBool: node.getChild('BoolModifier') !== null,
      matching: matching ? this.matching(matching) : undefined,
      fill: fill ? this.text(fill) : '',
      left: this.expr(left),
      right: this.expr(right),
    };
  }

  /** What stands behind an operand: `[5m]`, `offset 1m`. */
  private suffixed(node: SyntaxNode): Expr {
    const [inner] = childrenOf(node);
    if (!inner) throw new Unreadable(`unreadable expression ${this.text(node)}`);
    const suffix = this.source.slice(inner.to, node.to).trim();
    const isRange = node.name === 'MatrixSelector' || node.name === 'SubqueryExpr';
    const wrap = (of: Expr): Expr => (isRange ? { kind: 'range', of, range: suffix.slice(1, -1).trim() } : { kind: 'modified', of, modifier: suffix });
    return toLastOperand(this.expr(inner), wrap);
  }

  expr(node: SyntaxNode): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', text: this.text(node) };
      case 'StringLiteral':
        return { kind: 'string', value: this.string(node) };
      case 'VectorSelector':
        return this.vector(node);
      case 'AggregateExpr':
        return this.aggregate(node);
      case 'FunctionCall':
        return { kind: 'call', name: this.text(node.getChild('FunctionIdentifier') ?? node), args: this.args(node) };
      case 'BinaryExpr':
        return this.binary(node);
      case 'UnaryExpr':
        return { kind: 'unary', op: this.text(node).startsWith('-') ? '-' : '+', of: this.expr(childrenOf(node).at(-1) ?? node) };
      case 'ParenExpr':
        return { kind: 'paren', of: this.expr(childrenOf(node)[0] ?? node) };
      default:
        return this.suffixed(node);
    }
  }
}

/**
 * The grammar lets a suffix hold the whole operation before it; in PromQL it belongs to the last operand:
 * `a + b offset 5m` is `a + (b offset 5m)`.
 */
function toLastOperand(expr: Expr, wrap: (of: Expr) => Expr): Expr {
  if (expr.kind === 'binary') return { ...expr, right: toLastOperand(expr.right, wrap) };
  if (expr.kind === 'unary') return { ...expr, of: toLastOperand(expr.of, wrap) };
  return wrap(expr);
}

/** A backquoted string takes what replaces a variable as it stands, a quoted one does not. */
const hasVariableInBackquotes = (text: string): boolean => /`[^`]*\$\w[^`]*`|`[^`]*\$\{[^`]*`/.test(text);

function firstError(tree: Tree): number | undefined {
  let at: number | undefined;
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) at ??= from;
      return at === undefined;
    },
  });
  return at;
}

/** Where the text is first not understood, as an index; undefined for an expression, and for nothing at all. */
export function faultIndex(text: string): number | undefined {
  return text.trim() === '' ? undefined : firstError(parser.parse(maskVariables(text)));
}

export function parsePromql(text: string): Parsed {
  if (text.trim() === '') return { fault: 'The query is empty.' };
  if (hasVariableInBackquotes(text)) return { fault: 'A variable stands in a string in backquotes.' };
  const tree = parser.parse(maskVariables(text));
  const at = firstError(tree);
  if (at !== undefined) return { fault: `Not understood at character ${at + 1}: ${text.slice(at, at + 20) || 'end of the query'}` };
  const [root] = childrenOf(tree.topNode);
  if (!root) return { fault: 'The query is empty.' };
  try {
    return { expr: new Reader(text).expr(root) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message };
    throw error;
  }
}
