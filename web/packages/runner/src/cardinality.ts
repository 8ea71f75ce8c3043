// How many series there are: of each metric, and what tells the series of one apart.
import { number, record, records, text } from '@narthex/dashmodel/json';
import type { TimeWindow } from '@narthex/timeutil';

import type { FetchResource } from './variable_query';

export interface LabelCount {
  name: string;
  count: number;
  /** A few of the values. */
  examples: string[];
}

export interface Cardinality {
  seriesCount: number;
  /** The series are more than were looked at. */
  isCut: boolean;
  /** Those with many values first. */
  labels: LabelCount[];
}

// The most that the status of the store lists, and the most series a page looks at.
const NAMES_MAX = 10_000;
const SERIES_MAX = 10_000;
const EXAMPLES_MAX = 4;

/** Series in the store's newest hours by metric; empty where the source does not tell. */
export async function fetchSeriesCounts(uid: string, fetchResource: FetchResource): Promise<Map<string, number>> {
  const data = await fetchResource(uid, 'api/v1/status/tsdb', new URLSearchParams({ limit: String(NAMES_MAX) })).catch(() => undefined);
  return new Map(records(record(data)['seriesCountByMetricName']).map((entry) => [text(entry['name']), number(entry['value'], 0)]));
}

export async function fetchCardinality(uid: string, metric: string, window: TimeWindow, fetchResource: FetchResource): Promise<Cardinality> {
  const params = new URLSearchParams({
    'match[]': `{__name__="${metric}"}`,
    limit: String(SERIES_MAX),
    start: String(Math.floor(window.fromMs / 1000)),
    end: String(Math.ceil(window.toMs / 1000)),
  });
  const series = records(await fetchResource(uid, 'api/v1/series', params));
  const values = new Map<string, Set<string>>();
  for (const [name, value] of series.flatMap((labels) => Object.entries(labels))) {
    if (name !== '__name__') values.set(name, (values.get(name) ?? new Set()).add(text(value)));
  }
  const labels = [...values].map(([name, all]) => ({ name, count: all.size, examples: [...all].slice(0, EXAMPLES_MAX) }));
  return { seriesCount: series.length, isCut: series.length >= SERIES_MAX, labels: labels.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)) };
}
