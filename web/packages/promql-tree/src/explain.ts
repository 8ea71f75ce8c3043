// The steps of an expression, from the inside out, each with what it does and what to ask to see its result.
import { filled, findFunction } from './functions';
import type { Expr, Grouping, Matcher, Matching } from './types';
import { writePromql } from './write';

export interface Step {
  /** The expression up to here. */
  text: string;
  sentence: string;
  /** An instant query whose answer shows the step; for a window of samples, how many each series has. */
  ask: string;
  /** True where `ask` counts the samples of a window. */
  isWindow: boolean;
  /** How deep it lies inside of the whole. */
  depth: number;
}

const HOW: Readonly<Record<Matcher['op'], string>> = { '=': 'is', '!=': 'is not', '=~': 'matches', '!~': 'does not match' };

const listed = (all: readonly string[]): string => (all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`);

function selects(name: string, matchers: readonly Matcher[]): string {
  const conditions = matchers.map(({ label, op, value }) => `${label} ${HOW[op]} ${value === '' ? 'empty' : value}`);
  const where = conditions.length > 0 ? ` whose ${listed(conditions)}` : '';
  return `Selects the series${name === '' ? '' : ` of ${name}`}${where}, the newest sample of each.`;
}

function groupedBy(grouping: Grouping): string {
  if (!grouping) return 'all series, into one.';
  const { kind, labels } = grouping;
  if (kind === 'by') return labels.length === 0 ? 'all series, into one.' : `the series that have the same ${listed(labels)}.`;
  return labels.length === 0 ? 'the series that have the same labels.' : `the series that differ in nothing but ${listed(labels)}.`;
}

const isPicking = (op: string): boolean => ['topk', 'bottomk', 'limitk', 'limit_ratio'].includes(op);

function aggregates(expr: Expr & { kind: 'aggregate' }): string {
  const spec = findFunction(expr.op);
  const args = expr.args.slice(0, -1).map(writePromql);
  const what = filled(spec?.sentence ?? `Applies ${expr.op} to`, args, '');
  if (!isPicking(expr.op)) return `${what} ${groupedBy(expr.grouping)}`;
  const labels = expr.grouping?.labels ?? [];
  if (labels.length === 0) return `${what} all series.`;
  return `${what} the series, for each ${expr.grouping?.kind === 'by' ? listed(labels) : `set of labels but ${listed(labels)}`}.`;
}

/** What stands behind an operand, gathered from the outside in: its window, and words about its time. */
function windowOf(expr: Expr): string {
  if (expr.kind === 'range') return expr.range;
  return expr.kind === 'modified' || expr.kind === 'paren' ? windowOf(expr.of) : '';
}

const spoken = (range: string): string => {
  const [window = '', step] = range.split(':');
  return `the last ${window}${step === undefined ? '' : `, evaluated every ${step.trim() || 'step'}`}`;
};

function calls(expr: Expr & { kind: 'call' }): string {
  const spec = findFunction(expr.name);
  if (!spec) return `Applies ${expr.name}.`;
  const others = expr.args.filter((_, index) => index !== spec.at).map(writePromql);
  const given = spec.params.map(({ value }, index) => others[index] ?? value);
  return filled(spec.sentence, given, spoken(windowOf(expr.args[spec.at] ?? expr)));
}

const VERBS: Readonly<Record<string, string>> = {
  '+': 'Adds the right side to the left',
  '-': 'Takes the right side from the left',
  '*': 'Multiplies both sides',
  '/': 'Divides the left side by the right',
  '%': 'Takes the remainder of the left side divided by the right',
  '^': 'Raises the left side to the power of the right',
  atan2: 'Takes the angle of both sides',
  and: 'Keeps the series of the left side that have a partner on the right',
  or: 'Takes the series of the left side, and those of the right that have no partner there',
  unless: 'Keeps the series of the left side that have no partner on the right',
};
const COMPARED: Readonly<Record<string, string>> = {
  '==': 'equal to',
  '!=': 'not equal to',
  '>': 'greater than',
  '<': 'less than',
  '>=': 'at least',
  '<=': 'at most',
};

function partners(matching: Matching | undefined): string {
  const which = !matching ? 'all labels' : matching.kind === 'on' ? listed(matching.labels) || 'no label' : `all labels but ${listed(matching.labels)}`;
  const group = matching?.group;
  const many = group ? ` The ${group.side} side may have several${group.labels.length > 0 ? ` and gets ${listed(group.labels)} from the other` : ''}.` : '';
  return `; partners are equal in ${which}.${many}`;
}

function isScalar(expr: Expr): boolean {
  if (expr.kind === 'number') return true;
  if (expr.kind === 'paren' || expr.kind === 'unary') return isScalar(expr.of);
  if (expr.kind === 'binary') return isScalar(expr.left) && isScalar(expr.right);
  return expr.kind === 'call' && ['scalar', 'time', 'pi'].includes(expr.name.toLowerCase());
}

function operates({ op, isBool, left, right, matching }: Expr & { kind: 'binary' }): string {
  const compared = COMPARED[op];
  const verb = !compared ? (VERBS[op] ?? `Applies ${op}`) : isBool ? `Gives 1 where the left side is ${compared} the right, else 0` : `Keeps what is ${compared} the right side`;
  return isScalar(left) || isScalar(right) ? `${verb}.` : `${verb}${partners(matching)}`;
}

function movesInTime(modifier: string): string {
  const offset = /^offset\s+(.+)$/i.exec(modifier)?.[1];
  if (offset) return offset.startsWith('-') ? `As it is ${offset.slice(1)} later.` : `As it was ${offset} before.`;
  return modifier.startsWith('@') ? `As it is at ${modifier.slice(1).trim()}, whatever the time of the graph.` : `With ${modifier}.`;
}

function sentenceOf(expr: Expr): string {
  switch (expr.kind) {
    case 'vector':
      return selects(expr.name, expr.matchers);
    case 'range':
      return expr.range.includes(':') ? `Evaluates it over ${spoken(expr.range)}: a window of samples for each series.` : `Takes all samples of ${spoken(expr.range)} of each series.`;
    case 'modified':
      return movesInTime(expr.modifier);
    case 'call':
      return calls(expr);
    case 'aggregate':
      return aggregates(expr);
    case 'binary':
      return operates(expr);
    case 'unary':
      return expr.op === '-' ? 'With the sign changed.' : 'As it is.';
    default:
      return '';
  }
}

function innerOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'call':
    case 'aggregate':
      return expr.args;
    case 'binary':
      return [expr.left, expr.right];
    case 'range':
    case 'modified':
    case 'unary':
    case 'paren':
      return [expr.of];
    default:
      return [];
  }
}

function walk(expr: Expr, depth: number, steps: Step[]): void {
  const isStep = expr.kind !== 'paren' && !isScalar(expr) && expr.kind !== 'string';
  for (const inner of innerOf(expr)) walk(inner, depth + (isStep ? 1 : 0), steps);
  if (!isStep) return;
  const text = writePromql(expr);
  const isWindow = windowOf(expr) !== '';
  steps.push({ text, sentence: sentenceOf(expr), ask: isWindow ? `count_over_time(${text})` : text, isWindow, depth });
}

/** Inner to outer; numbers and texts are no steps of their own. An expression that is a plain number is one step. */
export function explainSteps(expr: Expr): Step[] {
  const steps: Step[] = [];
  walk(expr, 0, steps);
  const text = writePromql(expr);
  return steps.length > 0 ? steps : [{ text, sentence: 'A plain value.', ask: text, isWindow: false, depth: 0 }];
}

