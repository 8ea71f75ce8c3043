// What a person does in a legend: shows and hides series, sorts its table. Kept as long as the panel is shown.
import { EventBusSrv, FieldType, getFieldDisplayName, type DataFrame } from '@grafana/data';
import { flag, record, type AnyRecord } from '@narthex/dashmodel/json';
import { nextVisible } from '@narthex/frames';
import { SeriesVisibilityChangeMode, type PanelContext } from '@narthex/vizkit';
import { useCallback, useMemo, useRef, useState } from 'react';

import { useLegendTurned } from './legend_turn';

interface Sort {
  sortBy: string;
  sortDesc: boolean;
}

export interface LegendState {
  hidden: ReadonlySet<string>;
  /** Grows with every change of what is hidden. */
  revision: number;
  contextFor: (frames: DataFrame[]) => PanelContext;
  withSort: (options: AnyRecord) => AnyRecord;
}

function seriesNames(frames: DataFrame[]): string[] {
  return frames.flatMap((frame) =>
    frame.fields.filter(({ type }) => type !== FieldType.time).map((field) => getFieldDisplayName(field, frame, frames)),
  );
}

/** A second click on a column turns it round, a third gives back the order of the data. */
function nextSort(before: Sort | undefined, sortBy: string): Sort | undefined {
  if (before?.sortBy !== sortBy) return { sortBy, sortDesc: false };
  return before.sortDesc ? undefined : { sortBy, sortDesc: true };
}

export function useLegend(panelKey: string): LegendState {
  const [{ hidden, revision }, setHidden] = useState({ hidden: new Set<string>(), revision: 0 });
  const [sort, setSort] = useState<Sort>();
  const [eventBus] = useState(() => new EventBusSrv());
  const latest = useRef<DataFrame[]>([]);
  // One object for good: a new one would draw every legend anew.
  const context = useMemo(
    (): PanelContext => ({
      eventsScope: 'panel',
      eventBus,
      onToggleSeriesVisibility: (label, mode) => {
        // What the labels of a legend's facets leave, or everything again.
        if (mode === SeriesVisibilityChangeMode.SetExactly) {
          const kept = label === null ? undefined : new Set([label].flat());
          setHidden((before) => ({ hidden: new Set(kept ? seriesNames(latest.current).filter((one) => !kept.has(one)) : []), revision: before.revision + 1 }));
          return;
        }
        const isToggle = mode === SeriesVisibilityChangeMode.AppendToSelection;
        const [name] = [label].flat();
        setHidden((before) => ({
          hidden: name == null ? new Set() : nextVisible(seriesNames(latest.current), before.hidden, name, isToggle),
          revision: before.revision + 1,
        }));
      },
      onToggleLegendSort: (sortBy) => setSort((before) => nextSort(before, sortBy)),
    }),
    [eventBus],
  );
  const contextFor = useCallback(
    (frames: DataFrame[]) => {
      latest.current = frames;
      return context;
    },
    [context],
  );
  const isTurned = useLegendTurned(panelKey);
  const withSort = useCallback(
    (options: AnyRecord): AnyRecord => {
      if (!sort && !isTurned) return options;
      const legend = record(options['legend']);
      return { ...options, legend: { ...legend, ...sort, ...(isTurned ? { showLegend: !flag(legend['showLegend'], true) } : {}) } };
    },
    [sort, isTurned],
  );
  return useMemo(() => ({ hidden, revision, contextFor, withSort }), [hidden, revision, contextFor, withSort]);
}
