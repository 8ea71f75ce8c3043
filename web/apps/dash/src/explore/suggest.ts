// The query to start with for a metric, by its type. Pure.

/** Counters as rates, classic histograms as a quantile, everything else as it is. */
export function suggestedQuery(name: string, type: string): string {
  if (type === 'histogram' && name.endsWith('_bucket')) return `histogram_quantile(0.95, sum by (le) (rate(${name}[$__rate_interval])))`;
  if (type === 'histogram' && !/_(sum|count)$/.test(name)) return `histogram_quantile(0.95, sum(rate(${name}[$__rate_interval])))`;
  const isCounter = type === 'counter' || /_(total|sum|count|bucket)$/.test(name);
  return isCounter ? `sum(rate(${name}[$__rate_interval]))` : name;
}
