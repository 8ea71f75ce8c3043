// Marks on the time axis: from the answer of a Prometheus query, from stored annotations, from hours that come again.
// Source: spec grafana.md, NAV-2.
import { FieldType, type DataFrame } from '@grafana/data';
import type { AnnotationJson } from '@narthex/dashmodel';
import { flag, number, record, text, texts, type AnyRecord } from '@narthex/dashmodel/json';
import { parseDurationMs, type TimeWindow } from '@narthex/timeutil';

import { isBuiltIn } from './local';
import { regionsWithin, timeRegion } from './time_regions';

export interface Mark {
  /** Of a stored annotation. */
  id?: number;
  fromMs: number;
  /** As fromMs where the mark is a point in time. */
  toMs: number;
  title: string;
  text: string;
  tags: string[];
  color: string;
  /** The annotation that it comes from, by its name. */
  lane?: string;
  /** Which panels show it, by their ids; all for none. */
  panels?: { ids: readonly number[]; isExcluded: boolean };
}

/** Where the marks of an annotation come from. */
export type AnnotationKind = 'query' | 'stored' | 'regions';

const STEP_MS_DEFAULT = 60_000;

/** What is asked stood beside the name before it had a place of its own. */
const targetOf = (annotation: AnnotationJson): AnyRecord => record(annotation['target']);

export const annotationExpr = (annotation: AnnotationJson): string => text(annotation['expr']) || text(targetOf(annotation)['expr']);

export const annotationStepMs = (annotation: AnnotationJson): number =>
  parseDurationMs(text(annotation['step']) || text(targetOf(annotation)['interval'])) || STEP_MS_DEFAULT;

/** Undefined for what this server cannot answer. */
export function annotationKind(annotation: AnnotationJson): AnnotationKind | undefined {
  if (targetOf(annotation)['queryType'] === 'timeRegions') return 'regions';
  if (annotation['builtIn'] === 1 || isBuiltIn(annotation.datasource)) return 'stored';
  return annotationExpr(annotation) === '' ? undefined : 'query';
}

function panelsOf(annotation: AnnotationJson): Pick<Mark, 'panels'> {
  const { ids, exclude } = record(annotation['filter']);
  const wanted = Array.isArray(ids) ? ids.flatMap((id: unknown) => number(id) ?? []) : [];
  return wanted.length > 0 ? { panels: { ids: wanted, isExcluded: flag(exclude) } } : {};
}

export const isMarkOf = ({ panels }: Mark, panelId: number): boolean => !panels || panels.ids.includes(panelId) !== panels.isExcluded;

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
    ...panelsOf(annotation),
  };
  if (flag(annotation['useValueForTime'])) {
    const own = value.values.filter((at: unknown): at is number => typeof at === 'number' && at > 0);
    return [...new Set(own)].map((at) => ({ fromMs: at, toMs: at, ...looks }));
  }
  return spans(time.values, value.values, annotationStepMs(annotation)).map((span) => ({ ...span, ...looks }));
}

export const marksFrom = (frames: readonly DataFrame[], annotation: AnnotationJson): Mark[] => frames.flatMap((frame) => marksOf(frame, annotation));

/** A stored annotation as the server keeps it. */
interface Stored {
  id: number;
  timeMs: number;
  timeEndMs: number;
  text: string;
  tags: readonly string[];
  panelId: number;
}

/** Which stored annotations are asked for: those of the dashboard, or those with tags from anywhere. */
export function storedSearch(annotation: AnnotationJson, dashboardUid: string): { limit: number; tags: string[]; matchAny: boolean; dashboardUid: string } {
  const target = { ...annotation, ...targetOf(annotation) };
  const isByTags = target['type'] === 'tags';
  return { limit: number(target['limit'], 100), tags: isByTags ? texts(target['tags']) : [], matchAny: flag(target['matchAny']), dashboardUid: isByTags ? '' : dashboardUid };
}

/** One made on a panel of the dashboard is shown there alone. */
export function storedMarks(stored: readonly Stored[], annotation: AnnotationJson): Mark[] {
  const isOfDashboard = targetOf(annotation)['type'] !== 'tags';
  return stored.map(({ timeMs, timeEndMs, tags, panelId, ...one }) => ({
    id: one.id,
    fromMs: timeMs,
    toMs: timeEndMs,
    title: annotation.name,
    text: one.text,
    tags: [...tags],
    color: annotation.iconColor,
    ...(isOfDashboard && panelId > 0 ? { panels: { ids: [panelId], isExcluded: false } } : panelsOf(annotation)),
  }));
}

export async function regionMarks(annotation: AnnotationJson, window: TimeWindow, zone: string): Promise<Mark[]> {
  const region = timeRegion(targetOf(annotation)['timeRegion'], zone);
  const hours = region ? await regionsWithin(region, window) : [];
  return hours.map((span) => ({ ...span, title: annotation.name, text: '', tags: [], color: annotation.iconColor, ...panelsOf(annotation) }));
}

/** Those that this server can answer, switched on. */
export const isAsked = (annotation: AnnotationJson): boolean => annotation.enable && annotationKind(annotation) !== undefined;
