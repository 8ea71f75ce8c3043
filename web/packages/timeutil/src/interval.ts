// The step between two points of a graph, from the width of the range and of the panel.

import { formatDurationMs } from './duration';

export interface Interval {
  ms: number;
  text: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// [below this many milliseconds, use this]: steps a person reads at a glance on the time axis.
const ROUNDING: ReadonlyArray<readonly [number, number]> = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, SECOND],
  [3500, 2 * SECOND],
  [7500, 5 * SECOND],
  [12_500, 10 * SECOND],
  [17_500, 15 * SECOND],
  [25_000, 20 * SECOND],
  [45_000, 30 * SECOND],
  [90_000, MINUTE],
  [210_000, 2 * MINUTE],
  [450_000, 5 * MINUTE],
  [750_000, 10 * MINUTE],
  [1_050_000, 15 * MINUTE],
  [1_500_000, 20 * MINUTE],
  [45 * MINUTE, 30 * MINUTE],
  [90 * MINUTE, HOUR],
  [150 * MINUTE, 2 * HOUR],
  [270 * MINUTE, 3 * HOUR],
  [9 * HOUR, 6 * HOUR],
  [24 * HOUR, 12 * HOUR],
  [7 * DAY, DAY],
  [21 * DAY, 7 * DAY],
  [42 * DAY, 30 * DAY],
];
const YEAR = 365 * DAY;

export function roundIntervalMs(ms: number): number {
  for (const [below, rounded] of ROUNDING) if (ms < below) return rounded;
  return YEAR;
}

/** The rounded step for `pointsMax` points over `rangeMs`, never under `intervalMsMin`. */
export function calculateInterval(rangeMs: number, pointsMax: number, intervalMsMin = 1): Interval {
  const rounded = roundIntervalMs(rangeMs / Math.max(1, pointsMax));
  const ms = Math.max(rounded, intervalMsMin);
  return { ms, text: formatDurationMs(ms) };
}
