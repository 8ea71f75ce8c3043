// Lines of a log from frames: time, text, level, labels. Pure.
import { FieldType, type DataFrame, type Field } from '@grafana/data';

import type { Dedup } from './options';

type Labels = Readonly<Record<string, string>>;

export interface LogLine {
  timeMs: number;
  /** Beyond the millisecond. */
  nanos: number;
  text: string;
  level: string;
  labels: Labels;
  /** What the answer holds beside message, time and labels. */
  fields: Labels;
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

// What a data source adds for its own use.
const INNER = new Set(['id', 'tsNs', 'labelTypes', 'lineLimit', 'timestamp']);

function nanosOf(time: Field, tsNs: Field | undefined, index: number): number {
  const text = String(tsNs?.values[index] ?? '');
  if (/^\d{7,}$/.test(text)) return Number(text.slice(-6));
  return time.nanos?.[index] ?? 0;
}

function linesOf(frame: DataFrame): LogLine[] {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const body = frame.fields.find(({ name }) => name === 'body' || name === 'Line' || name === 'message') ?? frame.fields.find(({ type }) => type === FieldType.string);
  if (!time || !body) return [];
  const labels = frame.fields.find(({ name }) => name === 'labels');
  const severity = frame.fields.find(({ name }) => name === 'severity' || name === 'level');
  const tsNs = frame.fields.find(({ name }) => name === 'tsNs');
  const others = frame.fields.filter((field) => field !== time && field !== body && field !== labels && !INNER.has(field.name) && field.config.custom?.hidden !== true);
  return body.values.map((text: unknown, index: number): LogLine => {
    const own: unknown = labels?.values[index];
    const all = typeof own === 'object' && own !== null ? Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])) : (body.labels ?? {});
    const line = String(text ?? '');
    const label: unknown = severity?.values[index] ?? all['level'];
    const fields = others.flatMap(({ name, values }) => (values[index] == null || values[index] === '' ? [] : [[name, String(values[index])] as const]));
    return {
      timeMs: Number(time.values[index]),
      nanos: nanosOf(time, tsNs, index),
      text: line,
      level: levelOf(line, label == null ? undefined : String(label)),
      labels: all,
      fields: Object.fromEntries(fields),
      count: 1,
    };
  });
}

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
  const sorted = frames.flatMap(linesOf).toSorted((a, b) => sign * (a.timeMs - b.timeMs || a.nanos - b.nanos));
  return deduplicated(sorted, dedup);
}

/** The labels that all lines have with the same value. */
export function commonLabels(lines: readonly LogLine[]): Labels {
  const [first, ...rest] = lines;
  return Object.fromEntries(Object.entries(first?.labels ?? {}).filter(([name, value]) => rest.every(({ labels }) => labels[name] === value)));
}

/** What tells a line from the others; all of its labels where it is alone. */
export function uniqueLabels({ labels }: LogLine, common: Labels, lineCount: number): Labels {
  return lineCount < 2 ? labels : Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in common)));
}

/** Those that hold the text, in the message or in a label's value. */
export function searched(lines: readonly LogLine[], wanted: string): readonly LogLine[] {
  const needle = wanted.toLowerCase();
  if (needle === '') return lines;
  const holds = (text: string): boolean => text.toLowerCase().includes(needle);
  return lines.filter(({ text, labels, fields }) => holds(text) || Object.values(labels).some(holds) || Object.values(fields).some(holds));
}

/** Names of all labels and fields, in the order of the alphabet. */
export function fieldNames(lines: readonly LogLine[]): string[] {
  const names = new Set(lines.flatMap(({ labels, fields }) => [...Object.keys(labels), ...Object.keys(fields)]));
  return [...names].toSorted((a, b) => a.localeCompare(b));
}

export const fieldValue = ({ labels, fields }: LogLine, name: string): string | undefined => fields[name] ?? labels[name];
