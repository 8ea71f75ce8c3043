// Gaps between values, as the options of lines write them: false for never, true for always, or milliseconds. Pure.

export type GapMode = 'never' | 'always' | 'threshold';

export const GAP_MODES: Array<{ value: GapMode; label: string }> = [
  { value: 'never', label: 'Never' },
  { value: 'always', label: 'Always' },
  { value: 'threshold', label: 'Threshold' },
];

// Source: what Grafana's editor begins with.
const HOUR_MS = 3_600_000;

export function gapMode(value: unknown): GapMode {
  if (typeof value === 'number') return 'threshold';
  return value === true ? 'always' : 'never';
}

export const gapOf = (mode: GapMode): boolean | number => ({ never: false, always: true, threshold: HOUR_MS })[mode];

const UNITS: ReadonlyArray<readonly [unit: string, ms: number]> = [
  ['d', 86_400_000],
  ['h', HOUR_MS],
  ['m', 60_000],
  ['s', 1000],
];

/** Nothing is cut off: 90 s is "90s". */
export function gapText(ms: number): string {
  const fitting = UNITS.find(([, size]) => ms >= size && ms % size === 0);
  return fitting ? `${ms / fitting[1]}${fitting[0]}` : `${ms}ms`;
}
