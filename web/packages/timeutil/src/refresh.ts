import { parseDurationMs } from './duration';
import { calculateInterval } from './interval';
import type { TimeWindow } from './window';

// What Grafana allows where nothing else is set.
const AUTO_MS_MIN = 5000;

export const DEFAULT_REFRESH_INTERVALS: readonly string[] = [
  '5s',
  '10s',
  '30s',
  '1m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '1d',
];

/** `refresh`, or the shortest interval the server allows where that is longer; "" stays off. */
export function allowedRefresh(refresh: string, least: string): string {
  const wanted = refreshMs(refresh);
  const bound = refreshMs(least);
  return wanted !== undefined && bound !== undefined && wanted < bound ? least : refresh;
}

/** Milliseconds between two refreshes, or undefined for "off" and for text that is no duration. */
export function refreshMs(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const ms = parseDurationMs(text);
  return ms !== undefined && ms > 0 ? ms : undefined;
}

/** As often as a graph over the window gets a new point. */
export const AUTO_REFRESH = 'auto';

/** As `refreshMs`, with the interval of "auto" for a window drawn in so many pixels; never under `least`. */
export function refreshMsOver(text: string, { fromMs, toMs }: TimeWindow, widthPx: number, least: string): number | undefined {
  if (text !== AUTO_REFRESH) return refreshMs(text);
  return calculateInterval(toMs - fromMs, widthPx, refreshMs(least) ?? AUTO_MS_MIN).ms;
}
