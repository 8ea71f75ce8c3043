// The steps of an expression with what each gives now: asked one after the other, the innermost first.
import { fetchResource } from '@narthex/grafanaapi';
import { explainSteps, parsePromql, type Step } from '@narthex/promql-tree';
import { fetchStep, type StepResult } from '@narthex/runner';
import { useEffect, useMemo, useState } from 'react';

export interface Explained {
  steps: readonly Step[];
  /** Why the expression cannot be told apart into steps; empty when it can. */
  fault: string;
  /** By index of the step; a message where the server refused it. */
  results: ReadonlyMap<number, StepResult | string>;
}

const NONE: ReadonlyMap<number, StepResult | string> = new Map();

export function useSteps(expr: string, sourceUid: string, atMs: number): Explained {
  const { steps, fault } = useMemo(() => {
    const parsed = parsePromql(expr);
    return parsed.expr ? { steps: explainSteps(parsed.expr), fault: '' } : { steps: [], fault: parsed.fault };
  }, [expr]);
  const [results, setResults] = useState(NONE);
  useEffect(() => {
    let isCurrent = true;
    setResults(NONE);
    const ask = async (): Promise<void> => {
      for (const [index, step] of steps.entries()) {
        const result = await fetchStep(sourceUid, step.ask, atMs, fetchResource).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
        if (!isCurrent) return;
        setResults((before) => new Map(before).set(index, result));
      }
    };
    void ask();
    return () => {
      isCurrent = false;
    };
  }, [steps, sourceUid, atMs]);
  return { steps, fault, results };
}
