// What a builder offers to choose from, asked from the data source when a list opens.
import { fetchResource } from '@narthex/grafanaapi';
import { builderToText, EMPTY_QUERY, type Matcher } from '@narthex/promql-tree';
import { fetchLabelNames, fetchLabelValues, fetchMetrics, type Metric } from '@narthex/runner';
import type { ComboboxOption } from '@narthex/vizkit';
import { useEffect, useMemo, useState } from 'react';

import { useScope } from '../../dashboard/scope';
import { useWriter } from '../../dashboard/useWriter';

/** What a list shows for what has been typed. */
export type Offer = (typed: string) => Promise<ComboboxOption[]>;

export interface Selected {
  metric: string;
  matchers: readonly Matcher[];
}

export interface Completion {
  /** Labels of the series that are selected so far. */
  labels: (selected: Selected) => Offer;
  values: (label: string, selected: Selected) => Offer;
}

// A list longer than this is searched, not read.
const OPTIONS_MAX = 500;
const NOT_BOUND = {};

/** A choice that is known by its value alone. */
export const asOption = (value: string): ComboboxOption => ({ value, label: value });

function options(texts: readonly string[], typed: string): ComboboxOption[] {
  const wanted = typed.toLowerCase();
  return texts
    .filter((one) => one.toLowerCase().includes(wanted))
    .slice(0, OPTIONS_MAX)
    .map(asOption);
}

/** The labels and values of a data source; `names` are offered before the values. */
export function useCompletion(sourceUid: string, names: readonly string[]): Completion {
  const { window, variables } = useScope();
  const write = useWriter(NOT_BOUND);
  return useMemo(() => {
    const selector = ({ metric, matchers }: Selected): string =>
      write.query(builderToText({ ...EMPTY_QUERY, metric, matchers: matchers.filter(({ label, value }) => label !== '' && value !== '') }));
    return {
      labels: (selected) => async (typed) => options(await fetchLabelNames(sourceUid, selector(selected), window, fetchResource), typed),
      values: (label, selected) => async (typed) =>
        label === '' ? [] : options([...names, ...(await fetchLabelValues(sourceUid, label, selector(selected), window, fetchResource))], typed),
    };
    // The window moves on with each refresh; what is offered may be as old as the last opening.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sourceUid, variables, names]);
}

export interface Metrics {
  /** Undefined until they are known, empty where they cannot be had. */
  known: readonly Metric[] | undefined;
  offer: Offer;
}

// Each query of a panel has an editor that asks; what there is changes more slowly.
const ASKED_MS_MAX = 60_000;
const askedAt = new Map<string, { ms: number; metrics: Promise<Metric[]> }>();

function metricsOf(sourceUid: string): Promise<Metric[]> {
  const now = performance.now();
  const before = askedAt.get(sourceUid);
  if (before && now - before.ms < ASKED_MS_MAX) return before.metrics;
  const metrics = fetchMetrics(sourceUid, fetchResource).catch((): Metric[] => {
    askedAt.delete(sourceUid);
    return [];
  });
  askedAt.set(sourceUid, { ms: now, metrics });
  return metrics;
}

export function useMetrics(sourceUid: string): Metrics {
  const [known, setKnown] = useState<readonly Metric[]>();
  const asked = useMemo(() => metricsOf(sourceUid), [sourceUid]);
  useEffect(() => {
    let isCurrent = true;
    void asked.then((found) => isCurrent && setKnown(found));
    return () => {
      isCurrent = false;
    };
  }, [asked]);
  const offer: Offer = async (typed) => {
    const wanted = typed.toLowerCase();
    const found = (await asked).filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, OPTIONS_MAX);
    return found.map(({ name, type, help }) => ({ value: name, label: name, description: `${type}${help ? `: ${help}` : ''}` }));
  };
  return { known, offer };
}
