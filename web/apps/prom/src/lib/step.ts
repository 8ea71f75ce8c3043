// Which step a range query takes.

export type Density = 'low' | 'medium' | 'high';

export type Resolution =
  | { kind: 'auto'; density: Density }
  | { kind: 'fixed'; stepSeconds: number };

// Steps in a range. Medium is about one per four pixels of a chart on a laptop.
const STEPS: Record<Density, number> = { low: 100, medium: 250, high: 750 };

// Most steps that the API answers.
const STEPS_MAX = 11000;

// The step in seconds. An automatic one is whole seconds, so that neighbouring ranges share instants.
export function chooseStep(rangeSeconds: number, resolution: Resolution): number {
  if (resolution.kind === 'fixed') return resolution.stepSeconds;
  return Math.max(1, Math.floor(rangeSeconds / STEPS[resolution.density]));
}

export function isStepTooSmall(rangeSeconds: number, stepSeconds: number): boolean {
  return Math.floor(rangeSeconds / stepSeconds) + 1 > STEPS_MAX;
}

// Ranges that the buttons beside the range field step through, in seconds.
const RANGES = [
  10, 60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 1209600, 2419200, 4838400,
  15724800, 31536000, 63072000,
];

export function nextRange(rangeSeconds: number, direction: 'wider' | 'narrower'): number {
  if (direction === 'wider') return RANGES.find((range) => range > rangeSeconds) ?? rangeSeconds;
  return RANGES.findLast((range) => range < rangeSeconds) ?? rangeSeconds;
}
