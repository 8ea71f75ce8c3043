// What could be made of a query, seen by its answer and by the rules of its data source. Source: spec grafana.md, PROM-12.
import { fetchResource } from '@narthex/grafanaapi';
import { expandRules, summed } from '@narthex/promql-tree';
import { fetchRecordingRules, type RecordedBy } from '@narthex/runner';
import { Button } from '@narthex/vizkit';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';

import { useScope } from '../dashboard/scope';

// From here on a panel is crowded. Source: Grafana's ADD_SUM.
const CROWD = 20;
const NO_RULES: readonly RecordedBy[] = [];
const never = () => () => {};

function useSeriesCount(panelKey: string, refId: string): number {
  const { shownFrames } = useScope();
  return useSyncExternalStore(shownFrames?.subscribe ?? never, () => (shownFrames?.get(panelKey) ?? []).filter((frame) => frame.refId === refId).length);
}

function useRules(sourceUid: string): readonly RecordedBy[] {
  const [rules, setRules] = useState(NO_RULES);
  useEffect(() => {
    let isCurrent = true;
    setRules(NO_RULES);
    fetchRecordingRules(sourceUid, fetchResource)
      .then((found) => isCurrent && setRules(found))
      // A source without rules gives no hint of them.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [sourceUid]);
  return rules;
}

interface QueryHintsProps {
  /** As it was run. */
  expr: string;
  refId: string;
  panelKey: string;
  sourceUid: string;
  onApply: (expr: string) => void;
}

export function QueryHints({ expr, refId, panelKey, sourceUid, onApply }: QueryHintsProps) {
  const seriesCount = useSeriesCount(panelKey, refId);
  const rules = useRules(sourceUid);
  const sum = useMemo(() => (seriesCount >= CROWD ? summed(expr) : undefined), [expr, seriesCount]);
  const expanded = useMemo(() => expandRules(expr, rules), [expr, rules]);
  const hints = [
    ...(sum === undefined ? [] : [{ label: `${seriesCount} series: sum them up`, expr: sum }]),
    ...(expanded === undefined ? [] : [{ label: 'A recording rule: write its expression out', expr: expanded }]),
  ];
  if (hints.length === 0) return null;
  return (
    <div className="button-row" role="group" aria-label={`Hints for query ${refId}`}>
      {hints.map(({ label, expr: better }) => (
        <Button key={label} size="sm" variant="secondary" fill="text" icon="bolt" onClick={() => onApply(better)}>
          {label}
        </Button>
      ))}
    </div>
  );
}
