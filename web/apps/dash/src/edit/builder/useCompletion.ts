// What a builder offers to choose from, asked from the data source when a list opens.
import { fetchResource } from '@narthex/grafanaapi';
import { builderToText, type BuilderQuery, type Matcher } from '@narthex/promql-tree';
import { fetchLabelNames, fetchLabelValues, fetchMetrics, type Metric } from '@narthex/runner';
import type { ComboboxOption } from '@narthex/vizkit';
import { useEffect, useMemo, useState } from 'react';

import { useScope } from '../../dashboard/scope';
import { useWriter } from '../../dashboard/useWriter';

export interface Completion {
  /** Undefined until they are known, empty where they cannot be had. */
  metrics: readonly Metric[] | undefined;
  metricOptions: (typed: string) => Promise<ComboboxOption[]>;
  labelOptions: (query: BuilderQuery) => (typed: string) => Promise<ComboboxOption[]>;
  /** Values of a label among the series that the other filters leave. */
  valueOptions: (query: BuilderQuery, own: Matcher) => (typed: string) => Promise<ComboboxOption[]>;
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

export function useCompletion(sourceUid: string): Completion {
  const { window, variables } = useScope();
  const write = useWriter(NOT_BOUND);
  const [metrics, setMetrics] = useState<readonly Metric[]>();
  const known = useMemo(() => fetchMetrics(sourceUid, fetchResource).catch((): Metric[] => []), [sourceUid]);
  useEffect(() => {
    let isCurrent = true;
    void known.then((found) => isCurrent && setMetrics(found));
    return () => {
      isCurrent = false;
    };
  }, [known]);
  return useMemo(() => {
    const selector = ({ metric, matchers }: BuilderQuery, but?: Matcher): string =>
      write.query(builderToText({ metric, matchers: matchers.filter((one) => one !== but && one.label !== '' && one.value !== ''), modifiers: [], operations: [] }));
    const names = variables.map(({ name }) => `$${name}`);
    return {
      metrics,
      metricOptions: async (typed) => {
        const wanted = typed.toLowerCase();
        const found = (await known).filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, OPTIONS_MAX);
        return found.map(({ name, type, help }) => ({ value: name, label: name, description: `${type}${help ? `: ${help}` : ''}` }));
      },
      labelOptions: (query) => async (typed) => options(await fetchLabelNames(sourceUid, selector(query), window, fetchResource), typed),
      valueOptions: (query, own) => async (typed) =>
        own.label === '' ? [] : options([...names, ...(await fetchLabelValues(sourceUid, own.label, selector(query, own), window, fetchResource))], typed),
    };
    // The window moves on with each refresh; what is offered may be as old as the last opening.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [metrics, known, sourceUid, variables]);
}
