// New samples put into the frames of a panel. Source: docs/formats/live.md, "Points".
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { TimeWindow } from '@narthex/timeutil';

const valueOf = (frame: DataFrame): Field | undefined => frame.fields.find(({ type }) => type === FieldType.number);
const timesOf = (frame: DataFrame): number[] => frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];

function seriesKey(frame: DataFrame): string {
  const labels = valueOf(frame)?.labels ?? {};
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The samples at the places of `indexes`, then those of `more`. */
function rebuilt(frame: DataFrame, indexes: readonly number[], more: DataFrame | undefined): DataFrame {
  const fields = frame.fields.map((field, at) => ({
    ...field,
    state: null,
    values: [...indexes.map((index): unknown => field.values[index]), ...(more?.fields[at]?.values ?? [])],
  }));
  return { ...frame, fields, length: indexes.length + (more?.length ?? 0) };
}

/**
 * `frames` with the samples of `span`, both ends included, replaced by those that arrived; what lies before
 * `keepFromMs` is dropped, and a series that has nothing left with it.
 */
export function withPoints(frames: readonly DataFrame[], arrived: readonly DataFrame[], span: TimeWindow, keepFromMs: number): DataFrame[] {
  const fresh = new Map(arrived.map((frame) => [seriesKey(frame), frame]));
  const kept = frames.map((frame) => {
    const key = seriesKey(frame);
    const more = fresh.get(key);
    fresh.delete(key);
    const indexes = timesOf(frame).flatMap((time, index) => (time >= keepFromMs && (time < span.fromMs || time > span.toMs) ? [index] : []));
    return rebuilt(frame, indexes, more);
  });
  return [...kept.filter(({ length }) => length > 0), ...fresh.values()];
}
