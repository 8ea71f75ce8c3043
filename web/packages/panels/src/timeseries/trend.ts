// A trend runs along numbers instead of time.
import { FieldType, outerJoinDataFrames, type DataFrame, type Field } from '@grafana/data';

const nameOf = (field: Field): string => field.state?.displayName ?? field.config.displayName ?? field.name;
const isNumber = ({ type }: Field): boolean => type === FieldType.number;

function along(frame: DataFrame, name: string): Field | undefined {
  return frame.fields.find((field) => name !== '' && isNumber(field) && (nameOf(field) === name || field.name === name)) ?? frame.fields.find(isNumber);
}

function isAscending(values: readonly unknown[]): boolean {
  return values.every((value, at) => typeof value === 'number' && (at === 0 || value > Number(values[at - 1])));
}

/** The field named first, then the numbers over it, each knowing where it came from; or why there is nothing to draw. */
export function trendFrame(input: readonly DataFrame[], name: string): DataFrame | string {
  const frames = input.map((frame) => ({ frame, x: along(frame, name) }));
  const usable = frames.filter(({ frame, x }) => x !== undefined && frame.fields.filter(isNumber).length > 1);
  const [only] = usable;
  if (!only?.x) return 'The answer holds no two fields of numbers to set against each other.';
  const xs = new Set(usable.map(({ x }) => x));
  if (usable.length > 1) {
    // Of each frame, by its own numbers: sorted, as a join sorts.
    return outerJoinDataFrames({ frames: [...input], joinBy: (field) => xs.has(field), keep: isNumber, keepOriginIndices: true }) ?? 'The frames of the answer cannot be joined.';
  }
  const { frame, x } = only;
  if (!isAscending(x.values)) return `The values of ${nameOf(x)} must be in ascending order.`;
  const frameIndex = input.indexOf(frame);
  const fields = frame.fields.flatMap((field, fieldIndex) => (field !== x && isNumber(field) ? [{ ...field, state: { ...field.state, origin: { frameIndex, fieldIndex } } }] : []));
  return { fields: [x, ...fields], length: frame.length };
}
