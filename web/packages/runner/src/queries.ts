// From a panel to the queries it sends: which window, which step, which text.
import { dateMath, rangeUtil } from '@grafana/data';
import type { DataTarget, Panel } from '@narthex/dashmodel';
import type { DsQuery } from '@narthex/grafanaapi';
import { calculateInterval, parseDurationMs, type TimeWindow } from '@narthex/timeutil';

import type { Narrow } from './adhoc';
import { findDataSource, UnsupportedSource, type SourceList } from './datasource';
import { askedTargets, EXPRESSION_SOURCE, isExpressionSource } from './expressions';
import { isBuiltIn } from './local';

export interface QueryContext {
  sources: SourceList;
  window: TimeWindow;
  /** The range is relative to now, so the panel's own range and shift apply. */
  isRelative: boolean;
  /** What the days of a panel's own range begin by; the browser's where it is not said. */
  timeZone?: string;
  widthPx: number;
  /** Replaces variables in plain text and in PromQL. */
  write: (text: string) => string;
  writeQuery: (text: string) => string;
  /** Puts the filters of the dashboard into the written expression. */
  narrow: Narrow;
}

// What a scrape interval is taken to be when the data source does not name it.
export const SCRAPE_INTERVAL_MS_DEFAULT = 15_000;
// Of sources that are not scraped.
const INTERVAL_MS_MIN = 1;
const PROMETHEUS = 'prometheus';
const POINTS_MIN = 50;

/** The instant that a text such as "now-1d/d" stands for where it is `nowMs`; undefined for no such text. */
function at(text: string, nowMs: number, end: 'start' | 'end', { timeZone }: QueryContext): number | undefined {
  const found = dateMath.toDateTime(text, { now: nowMs, roundUp: end === 'end', timezone: timeZone ?? 'browser' });
  return found?.isValid() ? found.valueOf() : undefined;
}

/** The window a panel shows: its own range or shift wins over the page's when that is relative. */
export function panelWindow(panel: Panel, context: QueryContext): TimeWindow {
  let { fromMs, toMs } = context.window;
  if (!context.isRelative) return context.window;
  const own = context.write(panel.timeFrom).trim();
  if (own !== '') {
    const range = rangeUtil.describeTextRange(own);
    fromMs = at(range.from, toMs, 'start', context) ?? fromMs;
    // "now/d" ends with the day, as far as there is anything of it.
    toMs = Math.min(toMs, at(range.to, toMs, 'end', context) ?? toMs);
  }
  const shift = context.write(panel.timeShift).trim();
  if (shift === '') return { fromMs, toMs };
  return { fromMs: at(`now-${shift}`, fromMs, 'start', context) ?? fromMs, toMs: at(`now-${shift}`, toMs, 'end', context) ?? toMs };
}

function writeAll(value: unknown, write: (text: string) => string): unknown {
  return typeof value === 'string' ? write(value) : value;
}

const refOf = (target: DataTarget, panel: Panel) => (target.datasource?.uid ? target.datasource : panel.datasource);

function missing(ref: ReturnType<typeof refOf>, { write }: QueryContext): string {
  const name = write(ref?.uid ?? '');
  const type = ref?.type ? ` of type ${ref.type}` : '';
  return `The data source ${name}${type} is not here. The queries of the panel are kept as they are.`;
}

/** The server finds the queries by the names in it, which are no variables. */
function expressionQuery(target: DataTarget, panel: Panel, { write, widthPx }: QueryContext): DsQuery {
  return {
    ...target,
    expression: writeAll(target['expression'], write),
    window: writeAll(target['window'], write),
    datasource: EXPRESSION_SOURCE,
    intervalMs: INTERVAL_MS_MIN,
    maxDataPoints: panel.maxDataPoints ?? Math.max(POINTS_MIN, Math.floor(widthPx)),
  };
}

function query(target: DataTarget, panel: Panel, context: QueryContext): DsQuery {
  const ref = refOf(target, panel);
  if (isExpressionSource(ref)) return expressionQuery(target, panel, context);
  const source = findDataSource(context.sources, ref, context.write);
  if (!source) throw new UnsupportedSource(missing(ref, context));
  const { fromMs, toMs } = panelWindow(panel, context);
  const pointsMax = panel.maxDataPoints ?? Math.max(POINTS_MIN, Math.floor(context.widthPx));
  const limit = (text: unknown) => (typeof text === 'string' ? parseDurationMs(context.write(text).replace(/^>/, '')) : undefined);
  const intervalMsMin = limit(panel.interval) ?? limit(source.jsonData['timeInterval']) ?? (source.type === PROMETHEUS ? SCRAPE_INTERVAL_MS_DEFAULT : INTERVAL_MS_MIN);
  const interval = calculateInterval(toMs - fromMs, pointsMax, intervalMsMin);
  return {
    ...target,
    expr: writeAll(target['expr'], (text) => context.narrow(context.writeQuery(text), source.uid)),
    interval: writeAll(target['interval'] ?? '', context.write),
    legendFormat: writeAll(target['legendFormat'], context.write),
    datasource: { uid: source.uid, type: source.type },
    intervalMs: interval.ms,
    maxDataPoints: pointsMax,
    utcOffsetSec: -new Date(toMs).getTimezoneOffset() * 60,
  };
}

/** A query for a Prometheus that says nothing; other sources have something to answer without an expression. */
function isEmpty(target: DataTarget, panel: Panel, { sources, write }: QueryContext): boolean {
  if (isExpressionSource(refOf(target, panel))) return false;
  const type = findDataSource(sources, refOf(target, panel), write)?.type ?? PROMETHEUS;
  return type === PROMETHEUS && target['expr'] === '';
}

/** The queries to send, empty ones and those nobody needs left out. Throws UnsupportedSource when a data source is not here. */
export function buildQueries(panel: Panel, context: QueryContext): DsQuery[] {
  return askedTargets(panel)
    .filter((target) => !isBuiltIn(refOf(target, panel)) && !isEmpty(target, panel, context))
    .map((target) => query(target, panel, context));
}
