// Series side by side in one table: one label tells the columns apart, others the rows.
import { FieldType, type Field } from '@grafana/data';
import { text, texts } from '@narthex/dashmodel/json';

import { makeField, type Transform } from './fields';

interface Row {
  join: Record<string, string>;
  columns: Map<string, unknown[]>;
  length: number;
}

function rowFor(rows: Map<string, Row>, join: Record<string, string>): Row {
  const key = JSON.stringify(join);
  const row = rows.get(key) ?? { join, columns: new Map<string, unknown[]>(), length: 0 };
  rows.set(key, row);
  return row;
}

export const joinByLabels: Transform = (frames, options) => {
  const valueLabel = text(options['value']);
  const numeric: Field[] = frames.flatMap(({ fields }) => fields.filter(({ type, labels }) => type === FieldType.number && labels?.[valueLabel] !== undefined));
  if (numeric.length === 0) return frames;
  const wanted = texts(options['join']);
  const joinNames = wanted.length > 0 ? wanted : [...new Set(numeric.flatMap(({ labels }) => Object.keys(labels ?? {})))].filter((name) => name !== valueLabel);
  const rows = new Map<string, Row>();
  for (const { labels = {}, values } of numeric) {
    const row = rowFor(rows, Object.fromEntries(joinNames.map((name) => [name, labels[name] ?? ''])));
    const name = labels[valueLabel] ?? '';
    row.columns.set(name, [...(row.columns.get(name) ?? []), ...values]);
    row.length = Math.max(row.length, row.columns.get(name)?.length ?? 0);
  }
  const all = [...rows.values()];
  const names = [...new Set(all.flatMap(({ columns }) => [...columns.keys()]))];
  const expand = (read: (row: Row, index: number) => unknown): unknown[] => all.flatMap((row) => Array.from({ length: row.length }, (_, index) => read(row, index)));
  const fields = [
    ...joinNames.map((name) => makeField(name, expand((row) => row.join[name] ?? ''))),
    ...names.map((name) => makeField(name, expand((row, index) => row.columns.get(name)?.[index] ?? null), { type: FieldType.number })),
  ];
  return [{ fields, length: fields[0]?.values.length ?? 0 }];
};
