import { parseDurationMs } from './duration';

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
