// The forms a Prometheus query can ask for beyond plain series: one table, or the buckets of a histogram.
import { DataFrameType, FieldType, type DataFrame, type Field } from '@grafana/data';

const timeOf = (frame: DataFrame): Field | undefined => frame.fields.find(({ type }) => type === FieldType.time);
const valueOf = (frame: DataFrame): Field | undefined => frame.fields.find(({ type }) => type === FieldType.number);
const isSeries = (frame: DataFrame): boolean =>
  frame.fields.length === 2 && timeOf(frame) !== undefined && valueOf(frame) !== undefined;

function field(name: string, type: FieldType, values: unknown[]): Field {
  return { name, type, values, config: {} };
}

/** All series as rows of one table: time, the labels in alphabetical order, value. */
export function tableFrame(series: readonly DataFrame[], valueName = 'Value'): DataFrame {
  const labelNames = [...new Set(series.flatMap((frame) => Object.keys(valueOf(frame)?.labels ?? {})))].toSorted();
  const times: unknown[] = [];
  const values: unknown[] = [];
  const labels = new Map<string, unknown[]>(labelNames.map((name) => [name, []]));
  for (const frame of series) {
    const value = valueOf(frame);
    for (let index = 0; index < frame.length; index += 1) {
      times.push(timeOf(frame)?.values[index]);
      values.push(value?.values[index]);
      for (const [name, column] of labels) column.push(value?.labels?.[name] ?? '');
    }
  }
  const columns = [...labels].map(([name, column]) => ({
    ...field(name, FieldType.string, column),
    config: { filterable: true },
  }));
  const first = series[0];
  const config = valueOf(first ?? { fields: [], length: 0 })?.config ?? {};
  const { displayNameFromDS: _name, ...valueConfig } = config;
  return {
    ...(first?.refId === undefined ? {} : { refId: first.refId }),
    meta: { ...first?.meta, preferredVisualisationType: 'table' },
    length: times.length,
    fields: [
      field('Time', FieldType.time, times),
      ...columns,
      { ...field(valueName, FieldType.number, values), config: valueConfig },
    ],
  };
}

const bound = (frame: DataFrame): number => {
  const le = valueOf(frame)?.labels?.['le'];
  return le === '+Inf' ? Infinity : Number(le ?? valueOf(frame)?.config.displayNameFromDS ?? NaN);
};

function columnsByTime(series: readonly DataFrame[]): { times: number[]; columns: number[][] } {
  const times = [...new Set(series.flatMap((frame): number[] => timeOf(frame)?.values ?? []))].toSorted((a, b) => a - b);
  const indexByTime = new Map(times.map((time, index) => [time, index]));
  const columns = series.map((frame) => {
    const column = times.map(() => 0);
    const own = timeOf(frame)?.values ?? [];
    const values = valueOf(frame)?.values ?? [];
    own.forEach((time: number, index: number) => {
      const at = indexByTime.get(time);
      if (at !== undefined) column[at] = Number(values[index] ?? 0) || 0;
    });
    return column;
  });
  return { times, columns };
}

/**
 * Cumulative buckets (label `le`) as one frame, lowest bucket first: each column holds what fell into
 * that bucket alone, never below zero.
 */
export function bucketFrame(series: readonly DataFrame[]): DataFrame {
  const sorted = series.toSorted((a, b) => bound(a) - bound(b));
  const { times, columns } = columnsByTime(sorted);
  const own = columns.map((column, index) =>
    column.map((value, at) => Math.max(0, value - (columns[index - 1]?.[at] ?? 0))),
  );
  const first = sorted[0];
  return {
    ...(first?.refId === undefined ? {} : { refId: first.refId }),
    meta: { type: DataFrameType.HeatmapRows },
    length: times.length,
    fields: [
      field('Time', FieldType.time, times),
      ...sorted.map((frame, index) => {
        const value = valueOf(frame);
        const name = value?.labels?.['le'] ?? value?.config.displayNameFromDS ?? String(index);
        return { ...field(name, FieldType.number, own[index] ?? []), config: value?.config ?? {}, labels: value?.labels ?? {} };
      }),
    ],
  };
}

/** Gives the frames of one query the form its `format` names; what already has that form stays. */
export function shapeFrames(format: unknown, frames: DataFrame[], hasSeveralQueries: boolean): DataFrame[] {
  const series = frames.filter(isSeries);
  if (series.length === 0) return frames;
  if (format === 'heatmap') return [bucketFrame(series)];
  if (format !== 'table') return frames;
  return [tableFrame(series, hasSeveralQueries ? `Value #${series[0]?.refId ?? ''}` : 'Value')];
}
