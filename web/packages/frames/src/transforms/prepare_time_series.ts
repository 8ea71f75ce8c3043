// Series as one wide frame, one frame each, or one long frame with their labels as columns.
import { FieldType, outerJoinDataFrames, type DataFrame, type Field } from '@grafana/data';
import { text } from '@narthex/dashmodel/json';

import { makeField, type Transform } from './fields';

const timeOf = ({ fields }: DataFrame): Field | undefined => fields.find(({ type }) => type === FieldType.time);

function multi(frames: DataFrame[]): DataFrame[] {
  return frames.flatMap((frame) => {
    const time = timeOf(frame);
    if (!time) return [];
    const textFields = frame.fields.filter(({ type }) => type === FieldType.string);
    const numbers = frame.fields.filter(({ type }) => type === FieldType.number || type === FieldType.boolean);
    if (textFields.length === 0) return numbers.map((field) => ({ ...frame, fields: [time, field] }));
    return numbers.flatMap((field) => splitByText(frame, time, field, textFields));
  });
}

/** Rows of a long table, apart by their text: the text becomes labels. */
function splitByText(frame: DataFrame, time: Field, field: Field, textFields: Field[]): DataFrame[] {
  const groups = new Map<string, number[]>();
  for (let index = 0; index < frame.length; index += 1) {
    const key = JSON.stringify(textFields.map(({ values }) => String(values[index] ?? '')));
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()].map((indexes) => {
    const pick = (one: Field): unknown[] => indexes.map((index): unknown => one.values[index]);
    const labels = Object.fromEntries(textFields.map((one) => [one.name, String(one.values[indexes[0] ?? 0] ?? '')]));
    const { name, refId } = frame;
    return {
      ...(name === undefined ? {} : { name }),
      ...(refId === undefined ? {} : { refId }),
      length: indexes.length,
      fields: [{ ...time, values: pick(time) }, { ...field, values: pick(field), labels: { ...field.labels, ...labels }, state: {} }],
    };
  });
}

function wide(frames: DataFrame[]): DataFrame[] {
  const joined = outerJoinDataFrames({ frames: multi(frames), keep: () => true, keepDisplayNames: true });
  return joined ? [joined] : frames;
}

function long(frames: DataFrame[]): DataFrame[] {
  const series = multi(frames);
  const labelNames = [...new Set(series.flatMap(({ fields }) => fields.flatMap(({ labels }) => Object.keys(labels ?? {}))))];
  const rows = series.flatMap((frame) => {
    const [time, value] = frame.fields;
    return Array.from({ length: frame.length }, (_, index) => ({ time: Number(time?.values[index]), value: value?.values[index] as unknown, labels: value?.labels ?? {} }));
  });
  const sorted = rows.toSorted((a, b) => a.time - b.time);
  return [
    {
      length: sorted.length,
      fields: [
        makeField('Time', sorted.map(({ time }) => time), { type: FieldType.time }),
        makeField('Value', sorted.map(({ value }) => value), { type: FieldType.number }),
        ...labelNames.map((name) => makeField(name, sorted.map(({ labels }) => labels[name] ?? ''), { type: FieldType.string })),
      ],
    },
  ];
}

export const prepareTimeSeries: Transform = (frames, options) => {
  switch (text(options['format'], 'wide')) {
    case 'multi':
    case 'many':
      return multi(frames);
    case 'long':
      return long(frames);
    default:
      return wide(frames);
  }
};
