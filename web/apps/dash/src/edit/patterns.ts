// Queries to start from, for a metric of each kind. Pure. Source: spec grafana.md, PROM-12.

export interface Pattern {
  name: string;
  group: 'Rates' | 'Histograms' | 'Gauges' | 'Two queries';
  expr: string;
}

const RATE = '[$__rate_interval]';

/** `metric` is the one at hand; without one a name stands for it that says what is to be put there. */
export function patternsFor(metric: string): Pattern[] {
  const one = metric || 'metric_name';
  const buckets = /_bucket$/.test(one) ? one : `${one.replace(/_(sum|count)$/, '')}_bucket`;
  const base = one.replace(/_(bucket|sum|count|total)$/, '');
  return [
    { group: 'Rates', name: 'Rate of all, summed', expr: `sum(rate(${one}${RATE}))` },
    { group: 'Rates', name: 'Rate by instance', expr: `sum by (instance) (rate(${one}${RATE}))` },
    { group: 'Rates', name: 'Five highest rates', expr: `topk(5, rate(${one}${RATE}))` },
    { group: 'Rates', name: 'Growth over the range', expr: `sum(increase(${one}[$__range]))` },
    { group: 'Histograms', name: '95th percentile', expr: `histogram_quantile(0.95, sum by (le) (rate(${buckets}${RATE})))` },
    { group: 'Histograms', name: '95th percentile by instance', expr: `histogram_quantile(0.95, sum by (le, instance) (rate(${buckets}${RATE})))` },
    { group: 'Histograms', name: 'Heatmap of its buckets', expr: `sum by (le) (increase(${buckets}${RATE}))` },
    { group: 'Histograms', name: 'Mean', expr: `sum(rate(${base}_sum${RATE})) / sum(rate(${base}_count${RATE}))` },
    { group: 'Histograms', name: '95th percentile of a native one', expr: `histogram_quantile(0.95, sum(rate(${one}${RATE})))` },
    { group: 'Gauges', name: 'Mean by instance', expr: `avg by (instance) (${one})` },
    { group: 'Gauges', name: 'Highest of the range', expr: `max(max_over_time(${one}[$__range]))` },
    { group: 'Gauges', name: 'Five highest', expr: `topk(5, ${one})` },
    { group: 'Two queries', name: 'Share of one in another', expr: `sum(rate(${one}${RATE})) / sum(rate(other_metric${RATE}))` },
    { group: 'Two queries', name: 'Against a day before', expr: `sum(rate(${one}${RATE})) / sum(rate(${one}${RATE} offset 1d))` },
  ];
}

const WORD = /[a-zA-Z_:][\w:]*/g;
const NO_METRIC = new Set(['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk', 'quantile', 'rate', 'irate', 'increase', 'by', 'without', 'on', 'ignoring', 'offset', 'bool', 'and', 'or', 'unless']);

/** The first name in an expression that may be a metric's; empty for none. */
export function metricIn(expr: string): string {
  const plain = expr.replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ').replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ');
  for (const { 0: word, index } of plain.matchAll(WORD)) {
    const isCall = /^\s*\(/.test(plain.slice(index + word.length));
    if (!isCall && !NO_METRIC.has(word) && plain[index - 1] !== '$') return word;
  }
  return '';
}
