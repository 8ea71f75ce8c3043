// Lines of a log from frames: time, text, level, labels. Pure.
import { FieldType, type DataFrame } from '@grafana/data';

export interface LogLine {
  timeMs: number;
  text: string;
  level: string;
  labels: Readonly<Record<string, string>>;
  /** How many equal lines this one stands for. */
  count: number;
}

const LEVEL = /\b(?:level|lvl|severity)[=:"\s]+"?(\w+)|\b(trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|panic)\b/i;
const LEVELS: Readonly<Record<string, string>> = { warning: 'warn', err: 'error', crit: 'critical', fatal: 'critical', panic: 'critical', notice: 'info' };

export function levelOf(text: string, label: string | undefined): string {
  const match = LEVEL.exec(text);
  const found = (label ?? match?.[1] ?? match?.[2] ?? '').toLowerCase();
  return LEVELS[found] ?? (found || 'unknown');
}

function linesOf(frame: DataFrame): LogLine[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const body = frame.fields.find(({ name }) => name === 'body' || name === 'Line' || name === 'message') ?? frame.fields.find(({ type }) => type === FieldType.string);
  if (!time || !body) return [];
  const labels = frame.fields.find(({ name }) => name === 'labels');
  const severity = frame.fields.find(({ name }) => name === 'severity' || name === 'level');
  return body.values.map((text: unknown, index: number): LogLine => {
    const own: unknown = labels?.values[index];
    const all = typeof own === 'object' && own !== null ? Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])) : (body.labels ?? {});
    const line = String(text ?? '');
    const label: unknown = severity?.values[index] ?? all['level'];
    return { timeMs: Number(time.values[index]), text: line, level: levelOf(line, label == null ? undefined : String(label)), labels: all, count: 1 };
  });
}

export type Dedup = 'none' | 'exact' | 'numbers' | 'signature';

function keyOf(line: LogLine, dedup: Dedup): string {
  if (dedup === 'numbers') return line.text.replace(/\d+/g, '0');
  if (dedup === 'signature') return line.text.replace(/\w+/g, 'w');
  return line.text;
}

function deduplicated(lines: readonly LogLine[], dedup: Dedup): LogLine[] {
  if (dedup === 'none') return [...lines];
  const out: LogLine[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (last && keyOf(last, dedup) === keyOf(line, dedup)) last.count += 1;
    else out.push({ ...line });
  }
  return out;
}

export function logLines(frames: readonly DataFrame[], order: 'asc' | 'desc', dedup: Dedup): LogLine[] {
  const sign = order === 'asc' ? 1 : -1;
  const sorted = frames.flatMap(linesOf).toSorted((a, b) => sign * (a.timeMs - b.timeMs));
  return deduplicated(sorted, dedup);
}
