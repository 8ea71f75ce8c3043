// Lines of a log, newest first unless asked otherwise.
import { flag, text } from '@narthex/dashmodel/json';
import { IconButton, usePanelContext } from '@narthex/vizkit';
import { Fragment, useMemo, useState } from 'react';

import { fullTime } from '../plot/text';
import type { PanelProps } from '../props';
import { logLines, type Dedup, type LogLine } from './lines';

const COLORS: Readonly<Record<string, string>> = {
  critical: '#b877d9',
  error: '#f2495c',
  warn: '#ecbb13',
  info: '#73bf69',
  debug: '#1f78c1',
  trace: '#6ed0e0',
};
const LINES_MAX = 1000;
const DEDUPS: readonly Dedup[] = ['none', 'exact', 'numbers', 'signature'];

function prettified(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), null, 2);
  } catch {
    return line;
  }
}

function Labels({ labels }: { labels: LogLine['labels'] }) {
  return (
    <span style={{ color: 'var(--text-secondary)', flexShrink: 0, whiteSpace: 'nowrap' }}>
      {Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}
    </span>
  );
}

/** Each label by itself, with what makes a filter of the dashboard of it. */
function Details({ labels }: { labels: LogLine['labels'] }) {
  const { onAddAdHocFilter } = usePanelContext();
  return (
    <dl style={{ margin: '2px 0 6px', display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '0 12px' }}>
      {Object.entries(labels).map(([name, value]) => (
        <Fragment key={name}>
          <dt style={{ color: 'var(--text-secondary)' }}>
            {onAddAdHocFilter && (
              <>
                <IconButton name="search-plus" size="sm" tooltip={`Only ${name}=${value}`} onClick={() => onAddAdHocFilter({ key: name, operator: '=', value })} />
                <IconButton name="search-minus" size="sm" tooltip={`Without ${name}=${value}`} onClick={() => onAddAdHocFilter({ key: name, operator: '!=', value })} />
              </>
            )}
            {name}
          </dt>
          <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Line({ line, options, timeZone }: { line: LogLine; options: PanelProps['options']; timeZone: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const wraps = flag(options['wrapLogMessage']) || isOpen;
  const style = { whiteSpace: wraps ? ('pre-wrap' as const) : ('pre' as const), overflowWrap: 'anywhere' as const };
  const details = flag(options['enableLogDetails'], true) && Object.keys(line.labels).length > 0;
  return (
    <li style={{ borderLeft: `3px solid ${COLORS[line.level] ?? 'var(--border-medium)'}`, padding: '1px 8px' }}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        style={{ all: 'unset', display: 'flex', gap: 8, cursor: 'pointer', width: '100%', ...style }}
      >
        {line.count > 1 && <span>{line.count}x</span>}
        {flag(options['showTime'], true) && <time style={{ color: 'var(--text-secondary)', flexShrink: 0, whiteSpace: 'nowrap' }}>{fullTime(line.timeMs, timeZone)}</time>}
        {flag(options['showLabels']) && <Labels labels={line.labels} />}
        <span>{flag(options['prettifyLogMessage']) ? prettified(line.text) : line.text}</span>
      </button>
      {isOpen && details && <Details labels={line.labels} />}
    </li>
  );
}

export default function LogsPanel({ frames, options, timeZone, height }: PanelProps) {
  const order = text(options['sortOrder']).toLowerCase() === 'ascending' ? 'asc' : 'desc';
  const dedup = DEDUPS.find((one) => one === options['dedupStrategy']) ?? 'none';
  const lines = useMemo(() => logLines(frames, order, dedup), [frames, order, dedup]);
  if (lines.length === 0) return <p role="status">The answer holds no log lines.</p>;
  return (
    <ol style={{ height, overflow: 'auto', margin: 0, padding: 0, listStyle: 'none', fontFamily: 'var(--font-monospace, monospace)', fontSize: options['fontSize'] === 'small' ? 11 : 12 }}>
      {lines.slice(0, LINES_MAX).map((line, index) => (
        <Line key={`${line.timeMs}/${index}`} line={line} options={options} timeZone={timeZone} />
      ))}
      {lines.length > LINES_MAX && <li>{lines.length - LINES_MAX} more lines are not shown.</li>}
    </ol>
  );
}
