// What service discovery found, by scrape pool, whether it became a target or not.
import type { Labels, TargetsData } from '@narthex/promapi';

export interface DiscoveredTarget {
  discovered: Labels;
  // Undefined for what relabelling dropped.
  labels: Labels | undefined;
}

export interface DiscoveredPool {
  name: string;
  // Those that the filter lets through, targets before dropped ones.
  entries: DiscoveredTarget[];
  activeCount: number;
  // Those that the server did not keep for showing included.
  droppedCount: number;
}

function matches({ discovered, labels }: DiscoveredTarget, words: readonly string[]): boolean {
  const pairs = [...Object.entries(discovered), ...Object.entries(labels ?? {})];
  const haystack = pairs.map(([name, value]) => `${name}="${value}"`).join(' ').toLowerCase();
  return words.every((word) => haystack.includes(word));
}

// Pools by name. `text`: words that all have to occur in the labels, before or after relabelling.
export function groupDiscovered(data: TargetsData, text: string): DiscoveredPool[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const pools = new Map<string, DiscoveredPool>();
  const poolOf = (name: string): DiscoveredPool => {
    const pool = pools.get(name) ?? { name, entries: [], activeCount: 0, droppedCount: 0 };
    pools.set(name, pool);
    return pool;
  };
  const add = (pool: DiscoveredPool, entry: DiscoveredTarget) => {
    if (matches(entry, words)) pool.entries.push(entry);
  };

  for (const { scrapePool, discoveredLabels: discovered, labels } of data.activeTargets) {
    const pool = poolOf(scrapePool);
    pool.activeCount += 1;
    add(pool, { discovered, labels });
  }
  for (const { scrapePool, discoveredLabels: discovered } of data.droppedTargets) {
    const pool = poolOf(scrapePool);
    pool.droppedCount += 1;
    add(pool, { discovered, labels: undefined });
  }
  for (const [name, count] of Object.entries(data.droppedTargetCounts)) {
    if (count > 0) poolOf(name).droppedCount = Math.max(count, poolOf(name).droppedCount);
  }
  return [...pools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
