// What an annotations list asks for and where its entries lead. Pure.
import { flag, number, text, texts, type AnyRecord } from '@narthex/dashmodel/json';
import type { AnnotationSearch, StoredAnnotation } from '@narthex/grafanaapi';
import { parseDurationMs, type TimeWindow } from '@narthex/timeutil';

const LIMIT_DEFAULT = 10;
const AROUND_MS_DEFAULT = 600_000;

export interface Place {
  dashboardUid: string;
  window: TimeWindow;
}

/** Source: spec grafana.md, PANEL-annolist. */
export function searchFor(options: AnyRecord, { dashboardUid, window }: Place): AnnotationSearch {
  const isInRange = flag(options['onlyInTimeRange']);
  return {
    limit: number(options['limit'], LIMIT_DEFAULT),
    tags: texts(options['tags']),
    dashboardUid: flag(options['onlyFromThisDashboard']) ? dashboardUid : '',
    fromMs: isInRange ? window.fromMs : undefined,
    toMs: isInRange ? window.toMs : undefined,
  };
}

/** The time around the annotation, on its dashboard; undefined where it belongs to none. */
export function addressOf(annotation: StoredAnnotation, options: AnyRecord, here: string): string | undefined {
  const uid = annotation.dashboardUid || here;
  if (uid === '') return undefined;
  const before = parseDurationMs(text(options['navigateBefore'])) ?? AROUND_MS_DEFAULT;
  const after = parseDurationMs(text(options['navigateAfter'])) ?? AROUND_MS_DEFAULT;
  const search = new URLSearchParams({ from: String(annotation.timeMs - before), to: String(annotation.timeEndMs + after) });
  if (flag(options['navigateToPanel'], true) && annotation.panelId > 0) search.set('viewPanel', String(annotation.panelId));
  return `/d/${encodeURIComponent(uid)}?${search.toString()}`;
}
