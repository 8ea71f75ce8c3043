// A value in a panel as a filter of the dashboard: put into the ad hoc variable of the panel's data source.
import type { Panel } from '@narthex/dashmodel';
import { findDataSource, panelLookup } from '@narthex/runner';
import { filterToUrl, interpolate, type AdhocFilter } from '@narthex/vars';
import type { PanelContext } from '@narthex/vizkit';
import { useCallback } from 'react';

import { updateSearch } from '../router/location';
import { useScope } from './scope';

type FilterFor = NonNullable<PanelContext['onAddAdHocFilter']>;

/** The filters with one more; the same label and value asked for the other way round goes. */
export function withFilter(filters: readonly AdhocFilter[], { key, op, values }: AdhocFilter): AdhocFilter[] {
  const isOther = (one: AdhocFilter): boolean => one.key !== key || one.values.length !== 1 || one.values[0] !== values[0];
  return [...filters.filter(isOther), { key, op, values }];
}

/** Undefined where the dashboard has no ad hoc variable for the data source: nothing would hold the filter. */
export function useFilterFor(panel: Panel): FilterFor | undefined {
  const { sources, variables, builtins } = useScope();
  const write = (text: string): string => interpolate(text, { lookup: panelLookup(variables, panel.bound, builtins) });
  const uidOf = (ref: Panel['datasource']): string | undefined => findDataSource(sources, ref, write)?.uid;
  const asked = panel.targets.map(({ datasource }) => uidOf(datasource?.uid ? datasource : panel.datasource));
  const variable = variables.find(({ type, datasource }) => type === 'adhoc' && asked.includes(uidOf(datasource)));
  const name = variable?.name;
  const filters = variable?.filters;
  const add = useCallback<FilterFor>(
    ({ key, operator, value }) => {
      if (name === undefined || filters === undefined) return;
      updateSearch({ [`var-${name}`]: withFilter(filters, { key, op: operator, values: [value] }).map(filterToUrl) });
    },
    [name, filters],
  );
  return variable ? add : undefined;
}
