// Numbers as text for axes, tooltips and counts.

const SI: readonly [size: number, suffix: string][] = [
  [1e24, 'Y'],
  [1e21, 'Z'],
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : undefined;
}

// Drops the zeros of a fraction that carry nothing: "1.50" is "1.5", "2.00" is "2".
const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

function decimalsFor(increment: number): number {
  if (!(increment > 0)) return 2;
  // 1e-9: an increment of 0.1 must not count as 0.0999.
  return Math.min(12, Math.max(0, -Math.floor(Math.log10(increment) + 1e-9)));
}

// Label of a tick of a value axis whose ticks are `increment` apart: as many digits as tell ticks apart.
export function formatAxis(value: number, increment: number): string {
  const odd = special(value);
  if (odd !== undefined) return odd;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-6 || size >= 1e27) return value.toExponential(2).replace(/\.?0+e/, 'e');
  for (const [unit, suffix] of SI) {
    if (size >= unit) return trimZeros((value / unit).toFixed(decimalsFor(increment / unit))) + suffix;
  }
  // Three digits more than the increment has: 0.25 apart needs two decimals, not one.
  return trimZeros(value.toFixed(Math.min(15, decimalsFor(increment) + 2)));
}

// A value read at the cursor: six significant digits, every digit of an integer.
export function formatValue(value: number): string {
  const odd = special(value);
  if (odd !== undefined) return odd;
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const size = Math.abs(value);
  if (size < 1e-6 || size >= 1e15) return value.toExponential(5).replace(/\.?0+e/, 'e');
  return trimZeros(value.toPrecision(size >= 1e6 ? 10 : 6));
}

// A count with thousands apart: 12345 is "12,345".
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function formatBytes(bytes: number): string {
  const power = Math.min(BINARY.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)));
  const scaled = bytes / 1024 ** power;
  return `${trimZeros(scaled.toFixed(power === 0 ? 0 : 1))} ${BINARY[power]}`;
}

// "1 series", "2 series"; "1 target", "3 targets".
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
