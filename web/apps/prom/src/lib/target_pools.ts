// Targets by scrape pool, as the targets page shows them.
import type { ActiveTarget, TargetHealth } from '@narthex/promapi';

export interface TargetPool {
  name: string;
  // Those that the filter lets through, unhealthy ones first.
  targets: ActiveTarget[];
  // Of all targets of the pool, whatever the filter.
  counts: Record<TargetHealth, number>;
}

export interface TargetFilter {
  // Words that all have to occur, in any of: pool, address, label names and values, error.
  text: string;
  // Empty: any health.
  health: readonly TargetHealth[];
}

const HEALTH_ORDER: Record<TargetHealth, number> = { down: 0, unknown: 1, up: 2 };

function matches(target: ActiveTarget, filter: TargetFilter): boolean {
  if (filter.health.length > 0 && !filter.health.includes(target.health)) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}="${value}"`);
  const haystack = [target.scrapePool, target.scrapeUrl, target.lastError, ...labels].join(' ').toLowerCase();
  return words.every((word) => haystack.includes(word));
}

// Pools by name; those with no target left by the filter are left out.
export function groupTargets(targets: readonly ActiveTarget[], filter: TargetFilter): TargetPool[] {
  const pools = new Map<string, TargetPool>();
  for (const target of targets) {
    const pool = pools.get(target.scrapePool) ?? {
      name: target.scrapePool,
      targets: [],
      counts: { up: 0, down: 0, unknown: 0 },
    };
    pools.set(target.scrapePool, pool);
    pool.counts[target.health] += 1;
    if (matches(target, filter)) pool.targets.push(target);
  }
  for (const pool of pools.values()) {
    pool.targets.sort(
      (a, b) => HEALTH_ORDER[a.health] - HEALTH_ORDER[b.health] || (a.scrapeUrl < b.scrapeUrl ? -1 : 1),
    );
  }
  return [...pools.values()]
    .filter((pool) => pool.targets.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
