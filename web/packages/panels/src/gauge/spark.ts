// The history of a value as a small line. Pure.
import type { FieldSparkline } from '@grafana/data';

import type { Box } from '../plot/Axes';


// More than there are pixels.
const POINTS_MAX = 120;

/** Of each part of the history its last value: as many parts as can be told apart. */
function thinned(values: readonly unknown[]): Array<number | undefined> {
  const step = Math.max(1, values.length / POINTS_MAX);
  const count = Math.min(values.length, POINTS_MAX);
  return Array.from({ length: count }, (_, index) => {
    const value = values[Math.min(values.length - 1, Math.floor((index + 1) * step) - 1)];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  });
}

/** The line, and the area below it; empty where there are no two values. Gaps are bridged. */
export function sparkPath({ y }: FieldSparkline, box: Box): { line: string; area: string } {
  const values = thinned(y.values);
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  if (known.length < 2) return { line: '', area: '' };
  const lows = known.map(({ value }) => value);
  const min = Math.min(...lows);
  const range = Math.max(...lows) - min || 1;
  const points = known.map(({ value, index }) => `${(box.left + (index / (values.length - 1)) * box.width).toFixed(1)} ${(box.top + box.height * (1 - (value - min) / range)).toFixed(1)}`);
  const bottom = (box.top + box.height).toFixed(1);
  const [first = '', last = ''] = [points[0], points.at(-1)];
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L${last.split(' ')[0]} ${bottom}L${first.split(' ')[0]} ${bottom}Z` };
}
