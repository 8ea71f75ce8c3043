// The variables of a dashboard, resolved again when the address or, where they ask for it, the range changes.
import { fetchResource, type FrontendSettings } from '@narthex/grafanaapi';
import type { Dashboard } from '@narthex/dashmodel';
import { hasOrder, narrowingOf, panelLookup, resolveVariables, variableFromJson, withoutOrder, type Narrow } from '@narthex/runner';
import type { TimeWindow } from '@narthex/timeutil';
import { interpolate, readUrlValues, variableToUrl, type ScopeLookup, type Variable } from '@narthex/vars';
import { useEffect, useMemo, useRef, useState } from 'react';

import { changedSearch, updateSearch } from '../router/location';

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

const urlKeyOf = (search: URLSearchParams): string => [...search].filter(([key]) => key.startsWith('var-')).join('&');

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
  const urlKey = urlKeyOf(search);
  const followsRange = dashboard.variables.some((variable) => variable['refresh'] === 2) || ORDER.test(urlKey);
  const timeKey = followsRange ? rangeKey : '';
  const isTrivial = dashboard.variables.length === 0;
  // What was resolved last, and the address that this wrote itself: for that there is nothing to ask.
  const last = useRef<{ variables: readonly Variable[]; written: string | undefined }>({ variables: NO_VARIABLES, written: undefined });
  useEffect(() => {
    if (isTrivial) return undefined;
    if (urlKey === last.current.written) {
      last.current.written = undefined;
      return undefined;
    }
    let isCurrent = true;
    const wanted = readUrlValues(search);
    const before = new Map(last.current.variables.map(({ name, value }) => [name, value]));
    const context = { sources: settings, window, builtins, wanted, before, fetchResource };
    void resolveVariables(dashboard.variables.map(variableFromJson), context).then(async ({ variables, errors, replaced }) => {
      const narrow = await narrowWith(variables, settings, builtins, window);
      if (!isCurrent) return;
      last.current = { variables, written: undefined };
      setState({ variables, errors, narrow });
      if (replaced.length === 0) return;
      const change = Object.fromEntries(replaced.map(variableToUrl).map(({ key, values }) => [key, values]));
      last.current.written = urlKeyOf(changedSearch(search, change));
      updateSearch(change, 'replace');
    });
    return () => {
      isCurrent = false;
    };
    // The keys stand for the search and the range; both change identity with every refresh.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [dashboard.variables, settings, urlKey, timeKey]);
  return useMemo(() => (isTrivial ? { variables: NO_VARIABLES, errors: NO_ERRORS, narrow: asIs } : state), [isTrivial, state]);
}
