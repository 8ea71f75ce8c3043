// The variables of a dashboard, resolved again when the address or, where they ask for it, the range changes.
import { fetchResource, type FrontendSettings } from '@narthex/grafanaapi';
import type { Dashboard } from '@narthex/dashmodel';
import { hasOrder, narrowingOf, panelLookup, resolveVariables, variableFromJson, withoutOrder, type Narrow } from '@narthex/runner';
import type { TimeWindow } from '@narthex/timeutil';
import { interpolate, readUrlValues, type ScopeLookup, type Variable } from '@narthex/vars';
import { useEffect, useMemo, useState } from 'react';

export interface VariablesState {
  /** Undefined until all have their first value: nothing is asked before. */
  variables: Variable[] | undefined;
  errors: ReadonlyMap<string, string>;
  narrow: Narrow;
}

interface Request {
  dashboard: Dashboard;
  settings: FrontendSettings;
  window: TimeWindow;
  /** Changes when the person picked another range, not with each refresh. */
  rangeKey: string;
  builtins: ScopeLookup;
  search: URLSearchParams;
}

const NO_ERRORS: ReadonlyMap<string, string> = new Map();
const NO_VARIABLES: Variable[] = [];
const asIs: Narrow = (expr) => expr;

// A filter that is an order, in the address.
const ORDER = /\|[<>]\|/;

const isNarrowing = ({ type }: { type: string }): boolean => type === 'adhoc' || type === 'groupby';

/** What reads expressions is loaded for dashboards with filters alone. */
async function narrowWith(given: readonly Variable[], settings: FrontendSettings, builtins: ScopeLookup, window: TimeWindow): Promise<Narrow> {
  if (!given.some(isNarrowing)) return asIs;
  const { narrowPromql } = await import('@narthex/promql-tree');
  const lookup = panelLookup(given, {}, builtins);
  const write = (text: string): string => interpolate(text, { lookup });
  // Where the values cannot be had, the panels say that an order cannot be asked for.
  const variables = hasOrder(given) ? await withoutOrder(given, { sources: settings, window, write, fetchResource }).catch(() => given) : given;
  return (expr, sourceUid) => narrowPromql(expr, narrowingOf(variables, settings, sourceUid, write));
}

export function useVariables({ dashboard, settings, window, rangeKey, builtins, search }: Request): VariablesState {
  const [state, setState] = useState<VariablesState>({ variables: undefined, errors: NO_ERRORS, narrow: asIs });
  const urlKey = [...search].filter(([key]) => key.startsWith('var-')).join('&');
  const followsRange = dashboard.variables.some((variable) => variable['refresh'] === 2) || ORDER.test(urlKey);
  const timeKey = followsRange ? rangeKey : '';
  const isTrivial = dashboard.variables.length === 0;
  useEffect(() => {
    if (isTrivial) return undefined;
    let isCurrent = true;
    const wanted = readUrlValues(search);
    const context = { sources: settings, window, builtins, wanted, fetchResource };
    void resolveVariables(dashboard.variables.map(variableFromJson), context).then(async (resolved) => {
      const narrow = await narrowWith(resolved.variables, settings, builtins, window);
      if (isCurrent) setState({ ...resolved, narrow });
    });
    return () => {
      isCurrent = false;
    };
    // The keys stand for the search and the range; both change identity with every refresh.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [dashboard.variables, settings, urlKey, timeKey]);
  return useMemo(() => (isTrivial ? { variables: NO_VARIABLES, errors: NO_ERRORS, narrow: asIs } : state), [isTrivial, state]);
}
