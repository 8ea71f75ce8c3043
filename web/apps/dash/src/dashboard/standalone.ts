// What panels need around them where there is no dashboard page: in Explore, in the tour.
import type { AnyRecord, Dashboard } from '@narthex/dashmodel';
import { builtinScope } from '@narthex/runner';
import { soundZone } from '@narthex/timeutil';
import { useTheme2 } from '@narthex/vizkit';
import { useMemo } from 'react';

import type { Editing } from '../edit/EditContext';
import { useSession } from '../session/SessionGate';
import type { DashboardScope } from './scope';
import { isRelative, rawRange, resolveRange, windowOf } from './time';

export interface StandaloneRange {
  /** As in an address: "now-1h", or Unix milliseconds. */
  range: { from: string; to: string };
  /** Another number reads the clock anew. */
  turns: number;
  onRange: (range: { from: string; to: string }) => void;
  /** Empty for the person's. */
  timeZone?: string;
}

export function useStandaloneScope(dashboard: Dashboard, { range, turns, onRange, timeZone: wanted = '' }: StandaloneRange): DashboardScope {
  const { settings, user } = useSession();
  const theme = useTheme2().isDark ? 'dark' : 'light';
  const { from, to } = range;
  return useMemo(() => {
    const timeZone = soundZone(wanted) || user.timezone || 'browser';
    const raw = rawRange(new URLSearchParams(), { from, to });
    const timeRange = resolveRange(raw, { timeZone });
    const window = windowOf(timeRange);
    const builtins = builtinScope({ window, dashboard: { uid: '', title: dashboard.title }, user, timeZone, theme });
    const onZoom = ({ fromMs, toMs }: { fromMs: number; toMs: number }): void => onRange({ from: String(Math.round(fromMs)), to: String(Math.round(toMs)) });
    return { dashboard, sources: settings, timeRange, window, isRelative: isRelative(raw), timeZone, variables: [], narrow: (expr) => expr, builtins, marks: [], onZoom };
    // turns stands for the clock.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [from, to, dashboard, settings, user, theme, wanted, onRange, turns]);
}

const nothing = (): void => {};
const NO_LIBRARY: Editing['library'] = new Map();

/** The panels of `json` can be looked at and not changed. */
export function readOnly(json: AnyRecord): Editing {
  return { json, saved: json, library: NO_LIBRARY, shelf: NO_LIBRARY, models: {}, isEditing: false, isDirty: false, canUndo: false, canRedo: false, change: nothing, undo: nothing, redo: nothing, discard: nothing, markSaved: nothing, learn: nothing };
}
