// The marks that a dashboard's annotations set on the time axes of its panels.
import type { AnnotationJson } from '@narthex/dashmodel';
import { decodeFrames } from '@narthex/frames';
import { queryData, searchAnnotations } from '@narthex/grafanaapi';
import { annotationExpr, annotationKind, annotationStepMs, findDataSource, isAsked, marksFrom, panelLookup, regionMarks, storedMarks, storedSearch, type Mark } from '@narthex/runner';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { useEffect, useMemo, useState } from 'react';

import type { DashboardScope } from './scope';

const NO_MARKS: readonly Mark[] = [];
const POINTS_MAX = 11_000;

type Scope = Omit<DashboardScope, 'marks'>;

async function askedMarks(annotation: AnnotationJson, scope: Scope, signal: AbortSignal): Promise<Mark[]> {
  const lookup = panelLookup(scope.variables, {}, scope.builtins);
  const source = findDataSource(scope.sources, annotation.datasource, (one) => interpolate(one, { lookup }));
  if (!source) return [];
  const stepMs = annotationStepMs(annotation);
  const query = {
    refId: 'Anno',
    expr: scope.narrow(interpolate(annotationExpr(annotation), { lookup, write: prometheusFormat }), source.uid),
    range: true,
    interval: `${stepMs}ms`,
    datasource: { uid: source.uid, type: source.type },
    intervalMs: stepMs,
    maxDataPoints: POINTS_MAX,
  };
  const results = await queryData({ ...scope.window, queries: [query], dashboardUid: scope.dashboard.uid, panelId: 0 }, signal);
  return results.flatMap(({ refId, frames }) => marksFrom(decodeFrames(refId, frames).frames, annotation));
}

async function readMarks(annotation: AnnotationJson, scope: Scope, signal: AbortSignal): Promise<Mark[]> {
  const { window, dashboard, timeZone } = scope;
  switch (annotationKind(annotation)) {
    case 'regions':
      return regionMarks(annotation, window, timeZone);
    case 'stored':
      // A dashboard that was never saved has none.
      if (dashboard.uid === '') return [];
      return storedMarks(await searchAnnotations({ ...storedSearch(annotation, dashboard.uid), ...window }), annotation);
    default:
      return askedMarks(annotation, scope, signal);
  }
}

const fetchMarks = async (annotation: AnnotationJson, scope: Scope, signal: AbortSignal): Promise<Mark[]> =>
  (await readMarks(annotation, scope, signal)).map((mark) => ({ ...mark, lane: annotation.name }));

/** Empty until answered; an annotation that fails leaves no marks and disturbs no panel. */
export function useAnnotations(scope: Scope, off: ReadonlySet<string>, revision: number): readonly Mark[] {
  const [marks, setMarks] = useState(NO_MARKS);
  const asked = useMemo(() => scope.dashboard.annotations.filter((one) => isAsked(one) && !off.has(one.name)), [scope.dashboard.annotations, off]);
  const { fromMs, toMs } = scope.window;
  useEffect(() => {
    const abort = new AbortController();
    const reading = scope.visit ? [scope.visit.fetchMarks(scope.window, abort.signal)] : asked.map((annotation) => fetchMarks(annotation, scope, abort.signal));
    if (reading.length === 0) {
      setMarks(NO_MARKS);
      return undefined;
    }
    void Promise.allSettled(reading).then((all) => {
      if (abort.signal.aborted) return;
      const next = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      // The same ones again draw nothing anew.
      setMarks((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    });
    return () => abort.abort();
    // The scope is new with every refresh; what is asked depends on these parts of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked, scope.variables, scope.visit, fromMs, toMs, revision]);
  return marks;
}
