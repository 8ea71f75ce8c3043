// Numbers that look measured, the same ones for the same instant every time.

export interface FakeSeries {
  labels: Record<string, string>;
  value: (seconds: number) => number;
}

export function hash(input: string): number {
  let state = 2166136261;
  for (const character of input) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  return state >>> 0;
}

/** Smooth noise around 1, its own for each seed. */
export function wave(seed: string, seconds: number): number {
  const a = hash(seed) % 628;
  const b = hash(`${seed}*`) % 628;
  const jitter = (hash(`${seed}${Math.floor(seconds / 2)}`) % 1000) / 1000 - 0.5;
  return 1 + 0.22 * Math.sin(seconds / 47 + a / 100) + 0.12 * Math.sin(seconds / 13 + b / 100) + 0.08 * jitter;
}

export const steady = (labels: Record<string, string>, size: number): FakeSeries => {
  const seed = JSON.stringify(labels) + size;
  return { labels, value: (seconds) => size * wave(seed, seconds) };
};
