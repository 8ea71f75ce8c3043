// One line of a log.
import { dateTimeFormat } from '@grafana/data';
import type { CSSProperties } from 'react';

import { fieldValue, uniqueLabels, type LogLine } from './lines';
import { LineText } from './LineText';
import { BODY_FIELD, type LogsOptions } from './options';

export const LEVEL_COLORS: Readonly<Record<string, string>> = {
  critical: '#b877d9',
  error: '#f2495c',
  warn: '#ecbb13',
  info: '#73bf69',
  debug: '#1f78c1',
  trace: '#6ed0e0',
};

function prettified(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), null, 2);
  } catch {
    return line;
  }
}

export const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

export function timeText({ timeMs, nanos }: LogLine, timeZone: string, hasNanoseconds: boolean): string {
  const time = dateTimeFormat(timeMs, { timeZone, format: 'YYYY-MM-DD HH:mm:ss.SSS' });
  return hasNanoseconds ? `${time}${String(nanos).padStart(6, '0')}` : time;
}

export interface Column {
  name: string;
  /** In letters; undefined where fields do not stand in columns. */
  width: number | undefined;
}

export interface LineProps {
  line: LogLine;
  options: LogsOptions;
  /** Instead of the message, or with it; none for the message alone. */
  columns: readonly Column[];
  common: Readonly<Record<string, string>>;
  lineCount: number;
  timeZone: string;
  wanted: string;
  isOpen: boolean;
  onToggle: () => void;
}

const ASIDE: CSSProperties = { color: 'var(--text-secondary)', flexShrink: 0, whiteSpace: 'nowrap' };

function Message({ line, options, columns, wanted }: Pick<LineProps, 'line' | 'options' | 'columns' | 'wanted'>) {
  const body = <LineText text={options.isPretty ? prettified(line.text) : line.text} isColoured={options.isHighlighted} wanted={wanted} />;
  if (columns.length === 0) return <span>{body}</span>;
  return columns.map(({ name, width }) => {
    const style: CSSProperties = width === undefined ? {} : { width: `${width + 1}ch`, flexShrink: 0, overflow: 'hidden', textOverflow: 'ellipsis' };
    if (name === BODY_FIELD) return <span key={name}>{body}</span>;
    const value = fieldValue(line, name) ?? '';
    if (width === undefined && value === '') return null;
    return (
      <span key={name} style={style} title={width === undefined ? undefined : `${name}=${value}`}>
        {width === undefined && <span style={ASIDE}>{name}=</span>}
        <LineText text={value} isColoured={false} wanted={wanted} />
        {width === undefined && ' '}
      </span>
    );
  });
}

// Where less is left beside time and level, the message has a line of its own.
const MESSAGE_WIDTH_PX = 240;

function Content({ line, options, columns, common, lineCount, timeZone, wanted, wraps }: Omit<LineProps, 'isOpen' | 'onToggle'> & { wraps: boolean }) {
  const hasColumns = columns.some(({ width }) => width !== undefined);
  return (
    <>
      {line.count > 1 && <span style={ASIDE}>{line.count}x</span>}
      {options.hasTime && <time style={ASIDE}>{timeText(line, timeZone, options.hasNanoseconds)}</time>}
      {options.hasLevel && line.level !== 'unknown' && <span style={{ ...ASIDE, color: LEVEL_COLORS[line.level] ?? 'var(--text-secondary)', minWidth: '8ch' }}>{line.level}</span>}
      {options.hasLevel && line.level === 'unknown' && <span style={{ ...ASIDE, minWidth: '8ch' }} />}
      {options.hasLabels && <span style={ASIDE}>{labelsText(uniqueLabels(line, common, lineCount))}</span>}
      <span style={{ display: hasColumns ? 'flex' : 'inline', gap: 8, flex: wraps ? `1 1 ${MESSAGE_WIDTH_PX}px` : 'none', minWidth: 0 }}>
        <Message line={line} options={options} columns={columns} wanted={wanted} />
        {options.hasAttributes && <span style={{ color: 'var(--text-secondary)' }}> {labelsText(line.fields)}</span>}
      </span>
    </>
  );
}

export function Line({ isOpen, onToggle, ...content }: LineProps) {
  const { options, line } = content;
  const wraps = options.isWrapped || isOpen;
  const style: CSSProperties = { whiteSpace: wraps ? 'pre-wrap' : 'pre', overflowWrap: 'anywhere', display: 'flex', flexWrap: wraps ? 'wrap' : 'nowrap', columnGap: 8, width: '100%' };
  return (
    <div style={{ borderLeft: `3px solid ${LEVEL_COLORS[line.level] ?? 'var(--border-medium)'}`, padding: '1px 8px', background: isOpen ? 'var(--background-secondary, transparent)' : 'transparent' }}>
      {options.isInert || !options.hasDetails ? (
        <div style={style}>
          <Content {...content} wraps={wraps} />
        </div>
      ) : (
        <button type="button" aria-expanded={isOpen} onClick={onToggle} style={{ all: 'unset', cursor: 'pointer', ...style }}>
          <Content {...content} wraps={wraps} />
        </button>
      )}
    </div>
  );
}
