// The exemplars of a panel, asked for once its data are there.
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { fetchResource } from '@narthex/grafanaapi';
import { buildQueries, fetchExemplars, withShared, type Exemplar, type PanelData } from '@narthex/runner';
import { useEffect, useState } from 'react';

import { useScope, type DashboardScope } from './scope';
import { useWriter, type Writer } from './useWriter';

const NONE: readonly Exemplar[] = [];
// The panels that draw them.
const DRAWN_BY: ReadonlySet<string> = new Set(['timeseries', 'heatmap']);

async function ask(given: Panel, scope: DashboardScope, writer: Writer, window: NonNullable<PanelData['window']>): Promise<readonly Exemplar[]> {
  const shared = withShared(given, scope.dashboard.panels);
  const isWanted = (target: AnyRecord): boolean => (target['exemplar'] === true) !== (scope.areExemplarsTurned ?? false);
  const panel = { ...shared, targets: shared.targets.map((target) => ({ ...target, exemplar: isWanted(target) })) };
  if (!panel.targets.some((target) => target['exemplar'] === true && !target.hide)) return NONE;
  const queries = buildQueries(panel, { sources: scope.sources, window, isRelative: false, widthPx: 600, write: writer.text, writeQuery: writer.query, narrow: scope.narrow });
  const jsonDataOf = (uid: string) => scope.sources.dataSources.find((source) => source.uid === uid)?.jsonData ?? {};
  return fetchExemplars(queries, jsonDataOf, window, fetchResource);
}

/** Empty where none are asked for, kept or to be had: a chart stands without them. */
export function useExemplars(panel: Panel, data: PanelData): readonly Exemplar[] {
  const scope = useScope();
  const writer = useWriter(panel.bound);
  const [exemplars, setExemplars] = useState(NONE);
  useEffect(() => {
    if (scope.visit || !DRAWN_BY.has(panel.type) || data.state !== 'done' || !data.window) return undefined;
    let isCurrent = true;
    ask(panel, scope, writer, data.window)
      .catch(() => NONE)
      .then((found) => isCurrent && setExemplars(found))
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
    // The scope is new with every refresh, as the data are.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [panel, data.frames, data.window, scope.areExemplarsTurned]);
  return exemplars;
}
