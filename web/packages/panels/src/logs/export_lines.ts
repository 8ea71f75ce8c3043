// Lines as files for people to keep. Pure.
import type { LogLine } from './lines';

export type ExportFormat = 'txt' | 'json' | 'csv';

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

export function exported(lines: readonly LogLine[], format: ExportFormat): string {
  const time = ({ timeMs }: LogLine): string => (Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : '');
  if (format === 'txt') return lines.map((line) => `${time(line)}\t${line.level}\t${line.text}\n`).join('');
  if (format === 'json') return JSON.stringify(lines.map((line) => ({ timestamp: time(line), level: line.level, line: line.text, labels: line.labels, fields: line.fields })), null, 2);
  const rows = lines.map((line) => [time(line), line.level, line.text, JSON.stringify(line.labels)].map(quoted).join(','));
  return `${['time', 'level', 'line', 'labels'].join(',')}\n${rows.map((row) => `${row}\n`).join('')}`;
}

export const MIME_TYPES: Readonly<Record<ExportFormat, string>> = { txt: 'text/plain', json: 'application/json', csv: 'text/csv' };
