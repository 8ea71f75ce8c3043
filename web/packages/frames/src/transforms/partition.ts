// One frame for each distinct value of some fields.
import { type DataFrame } from '@grafana/data';
import { flag, record, texts } from '@narthex/dashmodel/json';

import { fieldNamed, type Transform } from './fields';

function partition(frame: DataFrame, options: Record<string, unknown>): DataFrame[] {
  const keys = texts(options['fields']).flatMap((name) => fieldNamed(frame, name) ?? []);
  if (keys.length === 0) return [frame];
  const groups = new Map<string, { labels: Record<string, string>; indexes: number[] }>();
  for (let index = 0; index < frame.length; index += 1) {
    const labels = Object.fromEntries(keys.map((field) => [field.name, String(field.values[index] ?? '')]));
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, indexes: [] };
    group.indexes.push(index);
    groups.set(key, group);
  }
  const asLabels = flag(record(options['naming'])['asLabels']);
  const kept = frame.fields.filter((field) => flag(options['keepFields']) || !keys.includes(field));
  return [...groups.values()].map(({ labels, indexes }) => ({
    ...frame,
    name: asLabels ? (frame.name ?? '') : Object.values(labels).join(' '),
    length: indexes.length,
    fields: kept.map((field) => ({
      ...field,
      values: indexes.map((index): unknown => field.values[index]),
      ...(asLabels ? { labels: { ...field.labels, ...labels } } : {}),
      state: {},
    })),
  }));
}

export const partitionByValues: Transform = (frames, options) => frames.flatMap((frame) => partition(frame, options));
