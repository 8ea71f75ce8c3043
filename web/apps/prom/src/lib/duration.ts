// Prometheus durations ("1h30m") to seconds and back.

const UNITS: readonly [unit: string, seconds: number][] = [
  ['y', 365 * 86400],
  ['w', 7 * 86400],
  ['d', 86400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
];

const DURATION =
  /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

// Seconds of "1h30m", "45s", "200ms", or undefined if `text` is no duration. A bare number is seconds.
export function parseDuration(text: string): number | undefined {
  const bare = text.trim();
  if (bare === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(bare)) return Number(bare);
  const match = DURATION.exec(bare);
  if (match === null) return undefined;
  return UNITS.reduce((sum, [, seconds], index) => sum + Number(match[index + 1] ?? 0) * seconds, 0);
}

// The shortest exact duration: 5400 is "1h30m". Years and weeks only where they divide evenly, as
// "1d3h" reads better than a mixture with weeks. Rounds to milliseconds.
export function formatDuration(seconds: number): string {
  let rest = Math.round(Math.abs(seconds) * 1000);
  if (rest === 0) return '0s';
  let text = seconds < 0 ? '-' : '';
  for (const [unit, unitSeconds] of UNITS) {
    const size = Math.round(unitSeconds * 1000);
    if ((unit === 'y' || unit === 'w') && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

// The larger two units of a span of time that is shown and not computed with: "3d 4h", "2m 5s", "740ms".
export function describeDuration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 1) return `${Math.round(size * 1000)}ms`;
  if (size < 10) return `${size.toFixed(1)}s`;
  const parts: string[] = [];
  let rest = Math.round(size);
  for (const [unit, unitSeconds] of UNITS) {
    if (unit === 'y' || unit === 'w' || unit === 'ms' || parts.length === 2) continue;
    const count = Math.floor(rest / unitSeconds);
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    rest -= count * unitSeconds;
  }
  return parts.join(' ');
}
