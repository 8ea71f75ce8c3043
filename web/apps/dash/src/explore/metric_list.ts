// Which metrics a search shows, and in what order. Pure.
import type { Metric } from '@narthex/runner';

export type Order = 'name' | 'series';

export function listed(metrics: readonly Metric[], counts: ReadonlyMap<string, number>, wanted: string, order: Order): Metric[] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = metrics.filter(({ name, type, help }) => {
    const text = `${name} ${type} ${help}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return order === 'name' ? found : found.toSorted((a, b) => (counts.get(b.name) ?? 0) - (counts.get(a.name) ?? 0));
}
