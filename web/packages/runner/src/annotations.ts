// Marks on the time axis, from the answer of a Prometheus query. Source: spec grafana.md, NAV-2.
import { FieldType, type DataFrame } from '@grafana/data';
import type { AnnotationJson } from '@narthex/dashmodel';
import { flag, text } from '@narthex/dashmodel/json';
import { parseDurationMs } from '@narthex/timeutil';

export interface Mark {
  fromMs: number;
  /** As fromMs where the mark is a point in time. */
  toMs: number;
  title: string;
  text: string;
  tags: string[];
  color: string;
}

const STEP_MS_DEFAULT = 60_000;

export const annotationStepMs = (annotation: AnnotationJson): number => parseDurationMs(text(annotation['step'])) || STEP_MS_DEFAULT;

function written(format: string, labels: Readonly<Record<string, string>>): string {
  return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}

/** Times at which a series has a value above 0, grouped while they follow each other step by step. */
function spans(times: readonly number[], values: readonly unknown[], stepMs: number): Array<{ fromMs: number; toMs: number }> {
  const out: Array<{ fromMs: number; toMs: number }> = [];
  times.forEach((time, index) => {
    if (!(Number(values[index]) > 0)) return;
    const last = out.at(-1);
    if (last && time - last.toMs <= stepMs) last.toMs = time;
    else out.push({ fromMs: time, toMs: time });
  });
  return out;
}

function marksOf(frame: DataFrame, annotation: AnnotationJson): Mark[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const value = frame.fields.find(({ type }) => type === FieldType.number);
  if (!time || !value) return [];
  const labels = value.labels ?? {};
  const looks = {
    title: written(text(annotation['titleFormat']), labels) || annotation.name,
    text: written(text(annotation['textFormat']), labels),
    tags: text(annotation['tagKeys'])
      .split(',')
      .map((key) => labels[key.trim()] ?? '')
      .filter((tag) => tag !== ''),
    color: annotation.iconColor,
  };
  if (flag(annotation['useValueForTime'])) {
    const own = value.values.filter((at: unknown): at is number => typeof at === 'number' && at > 0);
    return [...new Set(own)].map((at) => ({ fromMs: at, toMs: at, ...looks }));
  }
  return spans(time.values, value.values, annotationStepMs(annotation)).map((span) => ({ ...span, ...looks }));
}

export const marksFrom = (frames: readonly DataFrame[], annotation: AnnotationJson): Mark[] => frames.flatMap((frame) => marksOf(frame, annotation));

/** Those that this server can answer: an expression, switched on. */
export const isAsked = (annotation: AnnotationJson): boolean => annotation.enable && text(annotation['expr']) !== '';
