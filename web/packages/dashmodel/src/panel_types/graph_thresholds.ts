// Thresholds of a graph: lines and areas above or below a value become steps of colour.
import { flag, number, records, text } from '../json';
import type { AnyRecord } from '../types';

const COLORS: Readonly<Record<string, string>> = { critical: 'red', warning: 'orange', ok: 'green' };

export interface Step {
  value: number | null;
  color: string;
}

function colorOf(threshold: AnyRecord): string {
  const known = COLORS[text(threshold['colorMode'])];
  if (known) return known;
  return text(threshold['fillColor']) || text(threshold['lineColor']) || 'red';
}

export function graphThresholds(panel: AnyRecord): { steps: Step[]; style: string | undefined } {
  const all = records(panel['thresholds'])
    .map((threshold) => ({ threshold, value: number(threshold['value']) }))
    .filter((one): one is { threshold: AnyRecord; value: number } => one.value !== undefined)
    .toSorted((a, b) => a.value - b.value);
  if (all.length === 0) return { steps: [], style: undefined };
  const steps: Step[] = [{ value: null, color: 'transparent' }];
  for (const { threshold, value } of all) {
    const color = colorOf(threshold);
    if (threshold['op'] === 'lt') {
      const last = steps.at(-1);
      if (last) last.color = color;
      steps.push({ value, color: 'transparent' });
    } else {
      steps.push({ value, color });
    }
  }
  const fills = all.some(({ threshold }) => flag(threshold['fill']));
  const lines = all.some(({ threshold }) => flag(threshold['line']));
  return { steps, style: fills && lines ? 'line+area' : fills ? 'area' : lines ? 'line' : undefined };
}
