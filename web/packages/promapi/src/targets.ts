// GET /api/v1/targets: what is scraped and how the last scrapes went.
import { list, mapOf, number, object, oneOf, text, withDefault } from './check';
import { get, type Answer, type ApiClient } from './client';
import { labels, type Labels } from './sample';

export type TargetHealth = 'up' | 'down' | 'unknown';

export interface ActiveTarget {
  discoveredLabels: Labels;
  labels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  // The scrape address as seen from other machines.
  globalUrl: string;
  lastError: string;
  // RFC 3339; year 1 before the first scrape.
  lastScrape: string;
  // Seconds.
  lastScrapeDuration: number;
  health: TargetHealth;
  // Prometheus durations, such as "15s".
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface DroppedTarget {
  discoveredLabels: Labels;
  scrapePool: string;
}

export interface TargetsData {
  activeTargets: ActiveTarget[];
  droppedTargets: DroppedTarget[];
  // Dropped targets by scrape pool, those beyond the kept ones included.
  droppedTargetCounts: Record<string, number>;
}

const activeTarget = object<ActiveTarget>({
  discoveredLabels: labels,
  labels,
  scrapePool: text,
  scrapeUrl: text,
  globalUrl: withDefault(text, ''),
  lastError: withDefault(text, ''),
  lastScrape: text,
  lastScrapeDuration: number,
  health: oneOf('up', 'down', 'unknown'),
  scrapeInterval: withDefault(text, ''),
  scrapeTimeout: withDefault(text, ''),
});

const targetsData = object<TargetsData>({
  activeTargets: withDefault(list(activeTarget), []),
  droppedTargets: withDefault(
    list(
      object<DroppedTarget>({
        discoveredLabels: labels,
        scrapePool: withDefault(text, ''),
      }),
    ),
    [],
  ),
  droppedTargetCounts: withDefault(mapOf(number), {}),
});

export function targets(client: ApiClient, signal?: AbortSignal): Promise<Answer<TargetsData>> {
  return get(client, 'targets', targetsData, signal ? { signal } : {});
}
