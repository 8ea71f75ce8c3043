// What a person can choose from while building a query: metrics, labels and their values, from a data source.
import { record, records, text, texts } from '@narthex/dashmodel/json';
import type { TimeWindow } from '@narthex/timeutil';

import type { FetchResource } from './variable_query';

export interface Metric {
  name: string;
  /** As its metadata tells: counter, gauge, histogram, summary, ...; "unknown" without any. */
  type: string;
  help: string;
  unit: string;
}

// The series of a metric family carry these behind its name.
const FAMILY_SUFFIX = /_(bucket|sum|count|total|created|info)$/;

function params(match: string, window: TimeWindow | undefined): URLSearchParams {
  const found = new URLSearchParams();
  if (window) {
    found.set('start', String(Math.floor(window.fromMs / 1000)));
    found.set('end', String(Math.ceil(window.toMs / 1000)));
  }
  if (match !== '') found.set('match[]', match);
  return found;
}

/** Every metric of the source with its metadata, or those that `match` selects. */
export async function fetchMetrics(uid: string, fetchResource: FetchResource, match = ''): Promise<Metric[]> {
  const [names, metadata] = await Promise.all([fetchResource(uid, 'api/v1/label/__name__/values', params(match, undefined)), fetchResource(uid, 'api/v1/metadata', new URLSearchParams())]);
  const known = record(metadata);
  return texts(names).map((name) => {
    const [first] = records(known[name] ?? known[name.replace(FAMILY_SUFFIX, '')]);
    return { name, type: text(first?.['type'], 'unknown'), help: text(first?.['help']), unit: text(first?.['unit']) };
  });
}

/** The labels of the series that `match` selects, of all for ''. */
export async function fetchLabelNames(uid: string, match: string, window: TimeWindow, fetchResource: FetchResource): Promise<string[]> {
  const names = texts(await fetchResource(uid, 'api/v1/labels', params(match, window)));
  return names.filter((name) => name !== '__name__');
}

export async function fetchLabelValues(uid: string, label: string, match: string, window: TimeWindow, fetchResource: FetchResource): Promise<string[]> {
  return texts(await fetchResource(uid, `api/v1/label/${encodeURIComponent(label)}/values`, params(match, window)));
}
