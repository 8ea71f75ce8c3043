// Which fields the kinds of expressions have.
import type { AnyRecord } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { valueAt } from '@narthex/dashmodel';

import { COMPARISONS, freshCondition, RANGES } from './conditions';
import type { OptionSpec } from './form';

type Choices = NonNullable<OptionSpec['choices']>;

export const KINDS = [
  { value: 'math', label: 'Math' },
  { value: 'reduce', label: 'Reduce' },
  { value: 'resample', label: 'Resample' },
  { value: 'threshold', label: 'Threshold' },
  { value: 'classic_conditions', label: 'Classic conditions' },
];

const REDUCERS: Choices = [
  ['last', 'Last'],
  ['mean', 'Mean'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['sum', 'Sum'],
  ['count', 'Count'],
  ['median', 'Median'],
];
const MODES: Choices = [
  ['', 'Strict'],
  ['dropNN', 'Drop non-numeric values'],
  ['replaceNN', 'Replace non-numeric values'],
];
const UPSAMPLERS: Choices = [
  ['pad', 'The last value'],
  ['backfilling', 'The next value'],
  ['fillna', 'Nothing'],
];
function thresholdSpecs(target: AnyRecord): OptionSpec[] {
  const comparison = text(valueAt(target, 'conditions.0.evaluator.type'));
  const first: OptionSpec = { path: 'conditions.0.evaluator.params.0', label: 'Value', kind: 'number' };
  const second: OptionSpec = { path: 'conditions.0.evaluator.params.1', label: 'And', kind: 'number' };
  return [{ path: 'conditions.0.evaluator.type', label: 'Condition', kind: 'choice', choices: COMPARISONS }, first, ...(RANGES.has(comparison) ? [second] : [])];
}

/** Those of the kind that `target` is; `others` are the queries it can reckon with. */
export function expressionSpecs(target: AnyRecord, others: readonly string[]): OptionSpec[] {
  const input: OptionSpec = { path: 'expression', label: 'Input', kind: 'choice', choices: others.map((refId) => [refId, refId] as const) };
  switch (text(target['type'])) {
    case 'reduce': {
      const replacement: OptionSpec = { path: 'settings.replaceWithValue', label: 'Replace with', kind: 'number' };
      const isReplacing = valueAt(target, 'settings.mode') === 'replaceNN';
      return [input, { path: 'reducer', label: 'Function', kind: 'choice', choices: REDUCERS }, { path: 'settings.mode', label: 'Mode', kind: 'choice', choices: MODES }, ...(isReplacing ? [replacement] : [])];
    }
    case 'resample':
      return [
        input,
        { path: 'window', label: 'Resample to', kind: 'text', hint: 'For example 10s, 1m, 1h' },
        { path: 'downsampler', label: 'Downsample', kind: 'choice', choices: REDUCERS },
        { path: 'upsampler', label: 'Upsample', kind: 'choice', choices: UPSAMPLERS },
      ];
    case 'threshold':
      return [input, ...thresholdSpecs(target)];
    case 'classic_conditions':
      return [{ path: 'conditions', label: 'Conditions', kind: 'conditions', choices: others.map((refId) => [refId, refId] as const) }];
    default:
      return [{ path: 'expression', label: 'Expression', kind: 'text', hint: 'Queries are named like $A: $A / $B * 100, abs($A)' }];
  }
}

/** What a kind begins with; what the target says already stays. */
export function withKind(target: AnyRecord, kind: string, others: readonly string[]): AnyRecord {
  const { expression, conditions, ...rest } = target;
  const input = others.find((refId) => refId === text(expression)) ?? others[0] ?? '';
  switch (kind) {
    case 'reduce':
      return { reducer: 'last', ...rest, type: kind, expression: input };
    case 'resample':
      return { window: '1m', downsampler: 'mean', upsampler: 'fillna', ...rest, type: kind, expression: input };
    case 'threshold':
      return { ...rest, type: kind, expression: input, conditions: records(conditions).length === 1 ? conditions : [{ type: 'query', evaluator: { type: 'gt', params: [0, 0] } }] };
    case 'classic_conditions':
      return { ...rest, type: kind, conditions: [freshCondition(input)] };
    default:
      return { ...rest, type: kind, expression: input && `$${input}` };
  }
}
