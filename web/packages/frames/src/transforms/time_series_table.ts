// One row for each series: its labels, and its course as a small chart with one number.
import { FieldType, reduceField, type DataFrame, type DataFrameWithValue, type Field } from '@grafana/data';
import { record, text } from '@narthex/dashmodel/json';

import { makeField, type Transform } from './fields';

const isSeries = (frame: DataFrame): boolean =>
  frame.fields.some(({ type }) => type === FieldType.time) && frame.fields.some(({ type }) => type === FieldType.number);

function table(refId: string, frames: DataFrame[], stat: string): DataFrame {
  const values = frames.map(({ fields }) => fields.find(({ type }) => type === FieldType.number));
  const labelNames = [...new Set(values.flatMap((field) => Object.keys(field?.labels ?? {})))];
  const trends = frames.map((frame, index): DataFrameWithValue => {
    const field = values[index];
    return { ...frame, value: field ? (reduceField({ field, reducers: [stat] })[stat] ?? null) : null };
  });
  const columns: Field[] = labelNames.map((name) => makeField(name, values.map((field) => field?.labels?.[name] ?? ''), { type: FieldType.string }));
  const { displayNameFromDS: _name, ...config } = values[0]?.config ?? {};
  return { refId, length: frames.length, fields: [...columns, { name: `Trend #${refId}`, type: FieldType.frame, config, values: trends }] };
}

export const timeSeriesTable: Transform = (frames, options) => {
  const series = frames.filter(isSeries);
  const refIds = [...new Set(series.map(({ refId }) => refId ?? ''))];
  const tables = refIds.map((refId) =>
    table(refId, series.filter((frame) => (frame.refId ?? '') === refId), text(record(options[refId])['stat'], 'lastNotNull')),
  );
  return [...tables, ...frames.filter((frame) => !isSeries(frame))];
};
