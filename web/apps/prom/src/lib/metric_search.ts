// Finding metrics by words of their name or description.

export interface MetricEntry {
  name: string;
  // counter, gauge, ...; '' if unknown.
  type: string;
  help: string;
}

// Entries that hold every word of `text`; those whose names begin with it first, then those with all
// words in the name, then those that need the description. Within each, the given order.
export function filterMetrics(entries: readonly MetricEntry[], text: string): MetricEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const ranks: MetricEntry[][] = [[], [], []];
  for (const entry of entries) {
    const name = entry.name.toLowerCase();
    const all = `${name} ${entry.type} ${entry.help.toLowerCase()}`;
    if (!words.every((word) => all.includes(word))) continue;
    const isInName = words.every((word) => name.includes(word));
    const rank = isInName ? (name.startsWith(words[0] ?? '') ? 0 : 1) : 2;
    ranks[rank]?.push(entry);
  }
  return ranks.flat();
}
