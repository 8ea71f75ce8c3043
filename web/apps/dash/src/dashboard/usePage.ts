// Everything about a dashboard's page that follows from its address, the dashboard and the clock.
import { setWeekStart } from '@grafana/data';
import type { Dashboard } from '@narthex/dashmodel';
import { builtinScope } from '@narthex/runner';
import { allowedRefresh, refreshMsOver, soundZone, type TimeWindow } from '@narthex/timeutil';
import { isWeekStart, useTheme2 } from '@narthex/vizkit';
import { useCallback, useMemo, useState } from 'react';

import { updateSearch, useAddress } from '../router/location';
import { useSession } from '../session/SessionGate';
import type { DashboardScope, Visit } from './scope';
import { ShownFrames } from './shown_frames';
import { isRelative, rawRange, resolveRange, windowOf, windowToUrl } from './time';
import type { Annotating } from './useAnnotating';
import { useAnnotations } from './useAnnotations';
import type { Loaded } from './useDashboard';
import { useVariables, type VariablesState } from './useVariables';

export interface Page extends DashboardScope {
  /** Of the dashboard, else of the person; empty for the browser's. */
  weekStart: string;
  refresh: string;
  /** What `refresh` comes to; undefined for off. */
  refreshEveryMs: number | undefined;
  turn: () => void;
  state: VariablesState;
  annotationsOff: ReadonlySet<string>;
  toggleAnnotation: (name: string) => void;
  turnExemplars: () => void;
}

interface PageParts {
  /** Of somebody without an account. */
  visit?: Visit;
  library?: Loaded['library'];
  annotating?: Pick<Annotating, 'begin' | 'revision'>;
}

const NOT_ANNOTATING = { begin: undefined, revision: 0 };
const NONE_OFF: ReadonlySet<string> = new Set();
const NOTHING_CHOSEN = new URLSearchParams();

function toggled(names: ReadonlySet<string>, name: string): Set<string> {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
}

/** Everything about the page that follows from its address, the dashboard and the clock. */
export function usePage(dashboard: Dashboard, { visit, library, annotating = NOT_ANNOTATING }: PageParts = {}): Page {
  const { search: address } = useAddress();
  const search = visit?.mayChooseTime === false ? NOTHING_CHOSEN : address;
  const { settings, user } = useSession();
  const [turns, setTurns] = useState(0);
  const { uid, title, fiscalYearStartMonth, nowDelay } = dashboard;
  const theme = useTheme2().isDark ? 'dark' : 'light';
  const timeZone = [search.get('timezone'), search.get('tz'), dashboard.timezone, user.timezone].map((zone) => soundZone(zone ?? '')).find((zone) => zone !== '') ?? 'browser';
  const weekStart = dashboard.weekStart || user.weekStart;
  const raw = rawRange(search, dashboard.time);
  const rangeKey = `${raw.from}..${raw.to}`;
  // turns stands for the clock: a relative range moves on with each refresh.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const timeRange = useMemo(() => {
    // What "now/w" rounds to, for all that reckons with dates.
    setWeekStart(isWeekStart(weekStart) ? weekStart : undefined);
    return resolveRange(raw, { timeZone, fiscalYearStartMonth, nowDelay });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rangeKey, timeZone, weekStart, fiscalYearStartMonth, nowDelay, turns]);
  const window = useMemo(() => windowOf(timeRange), [timeRange]);
  const builtins = useMemo(
    () => builtinScope({ window, dashboard: { uid, title }, user, timeZone, theme }),
    [window, uid, title, user, timeZone, theme],
  );
  const state = useVariables({ dashboard, settings, window, rangeKey, builtins, search });
  const onZoom = useCallback((to: TimeWindow) => visit?.mayChooseTime !== false && updateSearch(windowToUrl(to)), [visit]);
  const turn = useCallback(() => setTurns((before) => before + 1), []);
  const { variables, narrow } = state;
  const bare = useMemo(
    () => ({ dashboard, sources: settings, timeRange, window, isRelative: isRelative(raw), timeZone, variables: variables ?? [], builtins, narrow, onZoom, ...(visit ? { visit } : {}) }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [dashboard, settings, timeRange, window, timeZone, variables, builtins, narrow, onZoom, visit],
  );
  const [annotationsOff, setAnnotationsOff] = useState<ReadonlySet<string>>(NONE_OFF);
  const toggleAnnotation = useCallback((name: string) => setAnnotationsOff((before) => toggled(before, name)), []);
  const marks = useAnnotations(bare, annotationsOff, annotating.revision);
  const [shownFrames] = useState(() => new ShownFrames());
  const [areExemplarsTurned, setAreExemplarsTurned] = useState(false);
  const turnExemplars = useCallback(() => setAreExemplarsTurned((before) => !before), []);
  const annotate = annotating.begin;
  const scope = useMemo(
    () => ({ ...bare, marks, shownFrames, areExemplarsTurned, annotate, ...(library ? { library } : {}) }),
    [bare, marks, shownFrames, areExemplarsTurned, annotate, library],
  );
  const refresh = allowedRefresh(search.get('refresh') ?? dashboard.refresh, settings.refreshIntervalMin);
  const refreshEveryMs = refreshMsOver(refresh, window, globalThis.innerWidth, settings.refreshIntervalMin);
  return { ...scope, weekStart, refresh, refreshEveryMs, turn, state, annotationsOff, toggleAnnotation, turnExemplars };
}
