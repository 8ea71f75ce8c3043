// What could be made of a query, seen by its answer and by the rules of its data source. Source: spec grafana.md, PROM-12.
import { fetchResource } from '@narthex/grafanaapi';
import { expandRules, summed } from '@narthex/promql-tree';
import { fetchRecordingRules, type RecordedBy } from '@narthex/runner';
import { Button } from '@narthex/vizkit';
import { useEffect, useMemo, useState } from 'react';

import { hintForText } from './builder/operations';
import { useMetrics } from './builder/useCompletion';
import { useShownFrames } from './facts';

// From here on a panel is crowded. Source: Grafana's ADD_SUM.
const CROWD = 20;
const NO_RULES: readonly RecordedBy[] = [];

function useSeriesCount(panelKey: string, refId: string): number {
  return useShownFrames(panelKey).filter((frame) => frame.refId === refId).length;
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

/** What usually comes next for the metric; the builder has a place of its own for it. */
function useNextStep(expr: string, sourceUid: string, isCode: boolean): { label: string; expr: string } | undefined {
  const { known } = useMetrics(sourceUid);
  return useMemo(() => (isCode && known ? hintForText(expr, (metric) => known.find(({ name }) => name === metric)?.type ?? '') : undefined), [expr, known, isCode]);
}

interface QueryHintsProps {
  /** Written as code, not built from parts. */
  isCode: boolean;
  /** As it was run. */
  expr: string;
  refId: string;
  panelKey: string;
  sourceUid: string;
  onApply: (expr: string) => void;
}

export function QueryHints({ isCode, expr, refId, panelKey, sourceUid, onApply }: QueryHintsProps) {
  const seriesCount = useSeriesCount(panelKey, refId);
  const rules = useRules(sourceUid);
  const sum = useMemo(() => (seriesCount >= CROWD ? summed(expr) : undefined), [expr, seriesCount]);
  const expanded = useMemo(() => expandRules(expr, rules), [expr, rules]);
  const next = useNextStep(expr, sourceUid, isCode);
  const hints = [
    ...(next ? [next] : []),
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
