// What is known of a job, and what a dashboard of it is made of.

export interface MetricFact {
  name: string;
  /** As its metadata tells; "unknown" without any. */
  type: string;
  help: string;
  unit: string;
}

export type Labels = Readonly<Record<string, string>>;

export interface JobFacts {
  job: string;
  source: { uid: string; type: string };
  metrics: readonly MetricFact[];
  /** Series of the job with their names; a sample of them is enough. */
  series: readonly Labels[];
  /** How often its targets are scraped, as a duration; empty if that is not known. */
  scrapeInterval: string;
}

export type Kind = 'counter' | 'gauge' | 'histogram' | 'native' | 'summary' | 'info' | 'timestamp';

/** Metrics that belong together: a histogram's buckets, sum and count are one family. */
export interface Family {
  name: string;
  kind: Kind;
  help: string;
  /** The base unit its values have: seconds, bytes, ratio, ...; empty if none is told. */
  unit: string;
  /** Labels that tell its series apart, those with few values first. */
  labels: ReadonlyArray<{ name: string; count: number }>;
}
