// Names of queries: a free one, and another one for a query that others name. Pure.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';
import { isExpressionSource } from '@narthex/runner';

import { refOf } from './query_sources';
import { withStepRefId } from './step_filter';

export function nextRefId(targets: readonly AnyRecord[]): string {
  const taken = new Set(targets.map((target) => text(target['refId'])));
  for (let code = 65; code < 91; code += 1) {
    const letter = String.fromCharCode(code);
    if (!taken.has(letter)) return letter;
  }
  return `Q${targets.length}`;
}

/** Why a query cannot be called so; empty where it can. */
export function refIdFault(wanted: string, own: string, all: readonly string[]): string {
  if (wanted.trim() === '') return 'A query needs a name.';
  return wanted !== own && all.includes(wanted) ? `There is a query ${wanted} already.` : '';
}

const inMath = (expression: string, from: string, to: string): string =>
  expression.replace(/\$\{([^}]+)\}|\$(\w+)/g, (whole, braced: string | undefined, bare: string | undefined) => ((braced ?? bare) === from ? (/^\w+$/.test(to) ? `$${to}` : `\${${to}}`) : whole));

function inExpression(target: AnyRecord, from: string, to: string): AnyRecord {
  if (!isExpressionSource(refOf(target))) return target;
  const { expression, conditions } = target;
  const isMath = text(target['type'], 'math') === 'math';
  const next = typeof expression === 'string' ? (isMath ? inMath(expression, from, to) : expression === from ? to : expression) : expression;
  const named = (condition: AnyRecord): AnyRecord => {
    const query = record(condition['query']);
    const params: unknown = query['params'];
    return Array.isArray(params) ? { ...condition, query: { ...query, params: params.map((one: unknown) => (one === from ? to : one)) } } : condition;
  };
  return { ...target, ...(next === undefined ? {} : { expression: next }), ...(Array.isArray(conditions) ? { conditions: records(conditions).map(named) } : {}) };
}

/** The query under its new name, also where expressions, transformations and overrides name it. */
export function withRefId(before: AnyRecord, from: string, to: string): AnyRecord {
  const targets = records(before['targets']).map((target) => inExpression(target['refId'] === from ? { ...target, refId: to } : target, from, to));
  const steps = records(before['transformations']).map((step) => withStepRefId(step, from, to));
  const panel = steps.length > 0 ? { ...before, transformations: steps } : before;
  const fieldConfig = panel['fieldConfig'];
  if (!isRecord(fieldConfig)) return { ...panel, targets };
  const overrides = records(fieldConfig['overrides']).map((rule) => {
    const matcher = record(rule['matcher']);
    return matcher['id'] === 'byFrameRefID' && matcher['options'] === from ? { ...rule, matcher: { ...matcher, options: to } } : rule;
  });
  return { ...panel, targets, fieldConfig: { ...fieldConfig, overrides } };
}
