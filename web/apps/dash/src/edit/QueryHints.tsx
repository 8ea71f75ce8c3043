// What could be made of a query, seen by its answer and by the rules of its data source. Source: spec grafana.md, PROM-12.
import { fetchResource } from '@narthex/grafanaapi';
import { builderToText, expandRules, summed, textToBuilder } from '@narthex/promql-tree';
import { fetchRecordingRules, type RecordedBy } from '@narthex/runner';
import { Button } from '@narthex/vizkit';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';

import { useScope } from '../dashboard/scope';
import { hintFor } from './builder/operations';
import { useMetrics } from './builder/useCompletion';

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

interface Better {
  label: string;
  expr: string;
}

interface QueryHintsProps {
  /** As it was run. */
  expr: string;
  refId: string;
  panelKey: string;
  sourceUid: string;
  /** Written as text: the builder gives hints of its own. */
  isCode: boolean;
  onApply: (expr: string) => void;
}

/** What usually comes next for a metric of its type, where the expression is one that can be built. */
function nextStep(expr: string, typeOf: (metric: string) => string): Better | undefined {
  const { query } = textToBuilder(expr);
  const hint = query && hintFor(query, typeOf(query.metric));
  return query && hint && { label: hint.label, expr: builderToText(hint.apply(query)) };
}

export function QueryHints({ expr, refId, panelKey, sourceUid, isCode, onApply }: QueryHintsProps) {
  const { known } = useMetrics(sourceUid);
  const seriesCount = useSeriesCount(panelKey, refId);
  const rules = useRules(sourceUid);
  const sum = useMemo(() => (seriesCount >= CROWD ? summed(expr) : undefined), [expr, seriesCount]);
  const expanded = useMemo(() => expandRules(expr, rules), [expr, rules]);
  const next = useMemo(() => (isCode ? nextStep(expr, (metric) => known?.find(({ name }) => name === metric)?.type ?? '') : undefined), [isCode, expr, known]);
  const hints: Better[] = [
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
