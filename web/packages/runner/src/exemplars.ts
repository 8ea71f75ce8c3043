// Single observations behind a series, with the labels that lead to their traces. Source: the HTTP API of
// Prometheus, query_exemplars; spec grafana.md, PROM-1 and PROM-5.
import { number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';
import type { DsQuery } from '@narthex/grafanaapi';
import { formatDurationMs, parseDurationMs, type TimeWindow } from '@narthex/timeutil';

import { SCRAPE_INTERVAL_MS_DEFAULT } from './queries';
import type { FetchResource } from './variable_query';

export interface Exemplar {
  timeMs: number;
  value: number;
  labels: Readonly<Record<string, string>>;
  /** Where traces of it are shown, one for each place that the data source names. */
  traces: readonly TraceLink[];
}

export interface TraceLink {
  title: string;
  url: string;
}

// More than this on one chart tell no more than these.
const EXEMPLARS_MAX = 500;

/** The names that the server fills in for a query, filled in here: this request does not pass through it. */
export function withIntervals(expr: string, intervalMs: number, scrapeMs: number, window: TimeWindow): string {
  const rateMs = Math.max(intervalMs + scrapeMs, 4 * scrapeMs);
  const rangeS = Math.round((window.toMs - window.fromMs) / 1000);
  const values: Readonly<Record<string, string>> = {
    __rate_interval_ms: String(rateMs),
    __rate_interval: formatDurationMs(rateMs),
    __interval_ms: String(intervalMs),
    __interval: formatDurationMs(intervalMs),
    __range_ms: String(rangeS * 1000),
    __range_s: String(rangeS),
    __range: `${rangeS}s`,
  };
  return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => values[braced ?? bare ?? ''] ?? whole);
}

interface Destination {
  /** Of the label that holds the trace's id. */
  name: string;
  url: string;
  title: string;
}

const destinationsOf = (jsonData: AnyRecord): Destination[] => records(jsonData['exemplarTraceIdDestinations']).map((one) => ({ name: text(one['name']), url: text(one['url']), title: text(one['urlDisplayLabel']) }));

function tracesOf(labels: Readonly<Record<string, string>>, destinations: readonly Destination[]): TraceLink[] {
  return destinations.flatMap(({ name, url, title }) => {
    const id = labels[name];
    return url === '' || id === undefined ? [] : [{ title: title || 'Trace', url: url.replace(/\$\{__value\.raw\}/g, () => encodeURIComponent(id)) }];
  });
}

export function readExemplars(data: unknown, jsonData: AnyRecord): Exemplar[] {
  const destinations = destinationsOf(jsonData);
  return records(data)
    .flatMap((series) => records(series['exemplars']))
    .flatMap((one) => {
      const seconds = number(one['timestamp']);
      const value = number(one['value']);
      if (seconds === undefined || value === undefined) return [];
      const labels = Object.fromEntries(Object.entries(record(one['labels'])).map(([name, label]) => [name, text(label)]));
      return [{ timeMs: seconds * 1000, value, labels, traces: tracesOf(labels, destinations) }];
    })
    .toSorted((a, b) => b.value - a.value)
    .slice(0, EXEMPLARS_MAX);
}

/** Those of every query that asks for them. */
export async function fetchExemplars(queries: readonly DsQuery[], jsonDataOf: (uid: string) => AnyRecord, window: TimeWindow, fetchResource: FetchResource): Promise<Exemplar[]> {
  const asked = queries.filter((query) => query['exemplar'] === true && query['instant'] !== true);
  const answers = await Promise.all(
    asked.map(async (query) => {
      const { uid } = query.datasource;
      const jsonData = jsonDataOf(uid);
      const scrapeMs = parseDurationMs(text(jsonData['timeInterval'])) ?? SCRAPE_INTERVAL_MS_DEFAULT;
      const params = new URLSearchParams({
        query: withIntervals(text(query['expr']), query.intervalMs, scrapeMs, window),
        start: String(window.fromMs / 1000),
        end: String(window.toMs / 1000),
      });
      return readExemplars(await fetchResource(uid, 'api/v1/query_exemplars', params), jsonData);
    }),
  );
  return answers.flat();
}
