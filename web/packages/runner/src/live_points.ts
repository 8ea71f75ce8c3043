// New samples put into the frames of a panel. Source: docs/formats/live.md, "Points".
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { TimeWindow } from '@narthex/timeutil';

const valueOf = (frame: DataFrame): Field | undefined => frame.fields.find(({ type }) => type === FieldType.number);
const timesOf = (frame: DataFrame): number[] => frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];

function seriesKey(frame: DataFrame): string {
  const labels = valueOf(frame)?.labels ?? {};
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first index whose time is not below `ms`; times ascend. */
function indexAt(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The samples from `keepFromMs` on, those of `span` replaced by `more`. Copied by slices: a panel may have a million. */
function rebuilt(frame: DataFrame, more: DataFrame | undefined, span: TimeWindow, keepFromMs: number): DataFrame {
  const times = timesOf(frame);
  const first = indexAt(times, keepFromMs);
  const spanFrom = Math.max(first, indexAt(times, span.fromMs));
  const spanTo = Math.max(spanFrom, indexAt(times, span.toMs + 1));
  const fields = frame.fields.map((field, at) => ({
    ...field,
    state: null,
    values: [...field.values.slice(first, spanFrom), ...(more?.fields[at]?.values ?? []), ...field.values.slice(spanTo)],
  }));
  return { ...frame, fields, length: spanFrom - first + (more?.length ?? 0) + times.length - spanTo };
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
    return rebuilt(frame, more, span, keepFromMs);
  });
  return [...kept.filter(({ length }) => length > 0), ...fresh.values()];
}
