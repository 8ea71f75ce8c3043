// Durations as people write them in queries and dashboards: "15s", "1m30s", "1.5h", "2d".

const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  // A month and a year have no fixed length; dashboards count 30 and 365 days.
  M: 2_592_000_000,
  y: 31_536_000_000,
};

const PART = /(\d+(?:\.\d+)?)(ms|[smhdwMy])/y;

/** Milliseconds of `text`, or undefined when it is not a duration from its first to its last character. */
export function parseDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < trimmed.length) {
    const match = PART.exec(trimmed);
    if (!match) return undefined;
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? NaN);
  }
  return total;
}

/** The largest unit that fits at least once, cut off below it: 90 s is "1m". */
export function formatDurationMs(ms: number): string {
  for (const unit of ['y', 'd', 'h', 'm', 's']) {
    const size = UNIT_MS[unit] ?? 1;
    if (ms >= size) return `${Math.floor(ms / size)}${unit}`;
  }
  return ms >= 1 ? `${Math.floor(ms)}ms` : '1ms';
}
