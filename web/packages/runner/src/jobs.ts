// The jobs that a data source scrapes, and what is known of the metrics of one.
import { record, records, text, texts } from '@narthex/dashmodel/json';
import { escapeLabelValue } from '@narthex/vars';

import { fetchMetrics, type Metric } from './completion';
import type { FetchResource } from './variable_query';

export interface Job {
  name: string;
  /** Targets, and how many of them answered last; 0 where the source does not tell. */
  targetCount: number;
  upCount: number;
  /** The shortest interval of its targets, as a duration; empty where the source does not tell. */
  scrapeInterval: string;
}

// The labels of so many series tell which labels a metric has; a job may have a million.
const SERIES_MAX = 20_000;

function fromTargets(data: unknown): Job[] {
  const jobs = new Map<string, Job>();
  for (const target of records(record(data)['activeTargets'])) {
    const name = text(record(target['labels'])['job']);
    if (name === '') continue;
    const job = jobs.get(name) ?? { name, targetCount: 0, upCount: 0, scrapeInterval: text(target['scrapeInterval']) };
    jobs.set(name, { ...job, targetCount: job.targetCount + 1, upCount: job.upCount + (target['health'] === 'up' ? 1 : 0) });
  }
  return [...jobs.values()];
}

/** A store that scrapes nothing itself has no targets; its jobs are those of its series. */
export async function fetchJobs(uid: string, fetchResource: FetchResource): Promise<Job[]> {
  const targets = await fetchResource(uid, 'api/v1/targets', new URLSearchParams({ state: 'active' })).catch(() => undefined);
  const scraped = fromTargets(targets);
  const names = scraped.length > 0 ? [] : texts(await fetchResource(uid, 'api/v1/label/job/values', new URLSearchParams()));
  const all = [...scraped, ...names.map((name) => ({ name, targetCount: 0, upCount: 0, scrapeInterval: '' }))];
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export interface JobMetrics {
  metrics: Metric[];
  series: Array<Record<string, string>>;
}

export async function fetchJobMetrics(uid: string, job: string, nowMs: number, fetchResource: FetchResource): Promise<JobMetrics> {
  const match = `{job="${escapeLabelValue(job)}"}`;
  const recent = { start: String(Math.floor(nowMs / 1000) - 3600), end: String(Math.ceil(nowMs / 1000)) };
  const [metrics, series] = await Promise.all([
    fetchMetrics(uid, fetchResource, match),
    fetchResource(uid, 'api/v1/series', new URLSearchParams({ 'match[]': match, limit: String(SERIES_MAX), ...recent })),
  ]);
  return { metrics, series: records(series).map((labels) => Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, text(value)]))) };
}
