// A line or polynomial through a series, as a series of its own.
import { FieldType, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';
import { number, text } from '@narthex/dashmodel/json';

import { fieldNamed, makeField, type Transform } from './fields';

/** Solves a square system by elimination; undefined when it has no single solution. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const best = rows.slice(column).reduce((top, row, at) => (Math.abs(row[column] ?? 0) > Math.abs(rows[top]?.[column] ?? 0) ? at + column : top), column);
    const pivot = rows[best] ?? [];
    if (Math.abs(pivot[column] ?? 0) < 1e-12) return undefined;
    rows[best] = rows[column] ?? [];
    rows[column] = pivot;
    for (let other = 0; other < size; other += 1) {
      const row = rows[other];
      if (other === column || !row) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let at = column; at <= size; at += 1) row[at] = (row[at] ?? 0) - factor * (pivot[at] ?? 0);
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

/** Coefficients, constant first, of the polynomial with the least squared error. */
export function fitPolynomial(xs: readonly number[], ys: readonly number[], degree: number): number[] | undefined {
  const powers = Array.from({ length: degree + 1 }, (_, index) => index);
  const sum = (read: (index: number) => number): number => xs.reduce((total, _, index) => total + read(index), 0);
  const matrix = powers.map((row) => powers.map((column) => sum((index) => (xs[index] ?? 0) ** (row + column))));
  return solve(matrix, powers.map((row) => sum((index) => (ys[index] ?? 0) * (xs[index] ?? 0) ** row)));
}

function regressionOf(frame: DataFrame, x: Field, y: Field, options: Record<string, unknown>): DataFrame | undefined {
  const pairs = y.values.flatMap((value: unknown, index: number) => (value == null || x.values[index] == null ? [] : [[Number(x.values[index]), Number(value)] as const]));
  const first = pairs[0]?.[0] ?? 0;
  const last = pairs.at(-1)?.[0] ?? 0;
  if (last <= first) return undefined;
  const degree = text(options['modelType']) === 'polynomial' ? Math.min(5, Math.max(1, number(options['degree'], 2))) : 1;
  // Times are large: counted from the first and in shares of the range, powers keep their precision.
  const scaled = pairs.map(([at]) => (at - first) / (last - first));
  const fit = fitPolynomial(scaled, pairs.map(([, value]) => value), degree);
  if (!fit) return undefined;
  const count = Math.max(2, number(options['predictionCount'], 100));
  const shares = Array.from({ length: count }, (_, index) => index / (count - 1));
  const name = `${getFieldDisplayName(y, frame)} ${degree === 1 ? 'linear' : 'polynomial'} regression`;
  return {
    name,
    length: count,
    fields: [
      makeField(x.name, shares.map((share) => first + share * (last - first)), { type: x.type }),
      makeField(name, shares.map((share) => fit.reduce((total, coefficient, power) => total + coefficient * share ** power, 0)), { type: FieldType.number, config: { ...y.config } }),
    ],
  };
}

export const regression: Transform = (frames, options) => {
  const made = frames.flatMap((frame) => {
    const x = fieldNamed(frame, text(options['xFieldName'])) ?? frame.fields.find(({ type }) => type === FieldType.time) ?? frame.fields.find(({ type }) => type === FieldType.number);
    const y = fieldNamed(frame, text(options['yFieldName'])) ?? frame.fields.find((field) => field !== x && field.type === FieldType.number);
    const found = x && y ? regressionOf(frame, x, y, options) : undefined;
    return found ? [found] : [];
  });
  return [...frames, ...made];
};
