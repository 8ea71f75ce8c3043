// What every panel of the page shares.
import type { TimeRange } from '@grafana/data';
import type { Dashboard, LibraryElement } from '@narthex/dashmodel';
import type { FrontendSettings, queryData } from '@narthex/grafanaapi';
import type { Mark, Narrow } from '@narthex/runner';
import type { TimeWindow } from '@narthex/timeutil';
import type { ScopeLookup, Variable } from '@narthex/vars';
import { createContext, useContext } from 'react';

import type { ShownFrames } from './shown_frames';
import type { Annotating } from './useAnnotating';

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
  annotate?: Annotating['begin'];
  /** Undefined where panels stand outside of a dashboard. */
  shownFrames?: ShownFrames;
  /** Library panels that the dashboard shows, by their uid. */
  library?: ReadonlyMap<string, LibraryElement>;
  onZoom: (window: TimeWindow) => void;
  /** Of somebody without an account, who sees answers and cannot ask. */
  visit?: Visit;
  /** Exemplars shown where panels do not ask for them, and the other way round. */
  areExemplarsTurned?: boolean;
}

export interface Visit {
  mayChooseTime: boolean;
  ask: typeof queryData;
  fetchMarks: (window: TimeWindow, signal: AbortSignal) => Promise<readonly Mark[]>;
}

export const ScopeContext = createContext<DashboardScope | undefined>(undefined);

export function useScope(): DashboardScope {
  const scope = useContext(ScopeContext);
  if (!scope) throw new Error('useScope outside of a dashboard');
  return scope;
}
