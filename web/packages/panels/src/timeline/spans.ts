// States over time: which value a series had from when until when. Pure.
import { FieldType, type DataFrame, type Field } from '@grafana/data';

export interface Span {
  fromMs: number;
  toMs: number;
  value: unknown;
}

export interface Row {
  field: Field;
  frame: DataFrame;
  spans: Span[];
}

const isBlank = (value: unknown): boolean => value === null || value === undefined;

/** One span for each run of equal values; a null ends the one before and is none itself. */
export function mergedSpans(times: readonly number[], values: readonly unknown[], untilMs: number): Span[] {
  const spans: Span[] = [];
  values.forEach((value, index) => {
    const at = times[index] ?? untilMs;
    const last = spans.at(-1);
    const isOpen = last !== undefined && last.toMs === at;
    const next = times[index + 1] ?? untilMs;
    if (isBlank(value)) return;
    if (isOpen && last.value === value) last.toMs = next;
    else spans.push({ fromMs: at, toMs: next, value });
  });
  return spans.filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** One span for each sample, as wide as samples lie apart. */
export function sampleSpans(times: readonly number[], values: readonly unknown[], stepMs: number): Span[] {
  return values.flatMap((value, index) => {
    const at = times[index];
    return isBlank(value) || at === undefined ? [] : [{ fromMs: at - stepMs / 2, toMs: at + stepMs / 2, value }];
  });
}

export function usualStepMs(times: readonly number[]): number {
  let least = Infinity;
  for (let index = 1; index < times.length; index += 1) {
    const step = (times[index] ?? 0) - (times[index - 1] ?? 0);
    if (step > 0) least = Math.min(least, step);
  }
  return Number.isFinite(least) ? least : 60_000;
}

/** A second time field in a frame of changes says when the state ended. */
function endsOf(frame: DataFrame): readonly number[] | undefined {
  const times = frame.fields.filter(({ type }) => type === FieldType.time);
  return times.length === 2 ? times[1]?.values : undefined;
}

export interface RowsRequest {
  frames: readonly DataFrame[];
  isChanges: boolean;
  isMerged: boolean;
  untilMs: number;
}

/** One row for each field that is no time and not hidden. */
export function timelineRows({ frames, isChanges, isMerged, untilMs }: RowsRequest): Row[] {
  return frames.flatMap((frame) => {
    const time = frame.fields.find(({ type }) => type === FieldType.time);
    if (!time) return [];
    const times: number[] = time.values;
    const ends = endsOf(frame);
    return frame.fields
      .filter((field) => field.type !== FieldType.time && !field.config.custom?.hideFrom?.viz)
      .map((field): Row => {
        if (!isChanges) return { field, frame, spans: sampleSpans(times, field.values, usualStepMs(times)) };
        const merged = mergedSpans(times, field.values, untilMs);
        if (ends) return { field, frame, spans: field.values.map((value: unknown, index: number) => ({ fromMs: times[index] ?? 0, toMs: ends[index] ?? untilMs, value })) };
        const single = (): Span[] =>
          field.values.flatMap((value: unknown, index: number) => (isBlank(value) ? [] : [{ fromMs: times[index] ?? 0, toMs: times[index + 1] ?? untilMs, value }]));
        return { field, frame, spans: isMerged ? merged : single() };
      });
  });
}

/** The sample a span stands for: the one it begins with, or the one in its middle. */
export function sampleIndexOf({ frame }: Row, { fromMs, toMs }: Span, isChanges: boolean): number {
  const times: readonly number[] = frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
  return times.indexOf(isChanges ? fromMs : (fromMs + toMs) / 2);
}
