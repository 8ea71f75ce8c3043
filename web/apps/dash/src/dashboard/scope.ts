// What every panel of the page shares.
import type { DataFrame, TimeRange } from '@grafana/data';
import type { Dashboard } from '@narthex/dashmodel';
import type { FrontendSettings } from '@narthex/grafanaapi';
import type { Mark, Narrow } from '@narthex/runner';
import type { TimeWindow } from '@narthex/timeutil';
import type { ScopeLookup, Variable } from '@narthex/vars';
import { createContext, useContext } from 'react';

export interface DashboardScope {
  dashboard: Dashboard;
  sources: FrontendSettings;
  timeRange: TimeRange;
  window: TimeWindow;
  isRelative: boolean;
  timeZone: string;
  variables: readonly Variable[];
  builtins: ScopeLookup;
  /** Puts the filters of the dashboard into a written expression for a data source. */
  narrow: Narrow;
  marks: readonly Mark[];
  /** What each panel shows, by its key; kept for snapshots. */
  shownFrames?: Map<string, DataFrame[]>;
  onZoom: (window: TimeWindow) => void;
}

export const ScopeContext = createContext<DashboardScope | undefined>(undefined);

export function useScope(): DashboardScope {
  const scope = useContext(ScopeContext);
  if (!scope) throw new Error('useScope outside of a dashboard');
  return scope;
}
