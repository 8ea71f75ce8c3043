// The absolute ranges a person used last, kept in this browser for the picker's list.
import { isDateTime, type TimeRange } from '@grafana/data';
import type { TimeWindow } from '@narthex/timeutil';
import { useCallback, useMemo, useState } from 'react';

import { windowOf, windowRange } from './time';

const KEY = 'narthex.ranges';
const KEPT_MAX = 4;

function isWindow(value: unknown): value is TimeWindow {
  return (
    typeof value === 'object' &&
    value !== null &&
    'fromMs' in value &&
    'toMs' in value &&
    Number.isFinite(value.fromMs) &&
    Number.isFinite(value.toMs)
  );
}

function read(): TimeWindow[] {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isWindow) : [];
  } catch {
    return [];
  }
}

export function useRangeHistory(timeZone: string): { history: TimeRange[]; remember: (range: TimeRange) => void } {
  const [windows, setWindows] = useState(read);
  const remember = useCallback((range: TimeRange): void => {
    if (!isDateTime(range.raw.from) || !isDateTime(range.raw.to)) return;
    const used = windowOf(range);
    const isOther = ({ fromMs, toMs }: TimeWindow): boolean => fromMs !== used.fromMs || toMs !== used.toMs;
    const next = [used, ...read().filter(isOther)].slice(0, KEPT_MAX);
    setWindows(next);
    try {
      window.localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Without storage the list lives as long as the page.
    }
  }, []);
  const history = useMemo(() => windows.map((one) => windowRange(one, timeZone)), [windows, timeZone]);
  return { history, remember };
}
