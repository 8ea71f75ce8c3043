// Label sets as text.
import type { Labels } from '@narthex/promapi';

const escapeValue = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

// Names that need no quotes in a selector.
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export interface SeriesName {
  // '' if the series has none, or one that stands quoted among the labels.
  metric: string;
  labels: [name: string, value: string][];
}

// Splits a label set into what stands before the braces and what stands in them, sorted by name.
export function splitSeriesName(labels: Labels): SeriesName {
  const metric = labels['__name__'] ?? '';
  const isPlain = METRIC_NAME.test(metric);
  const pairs = Object.entries(labels)
    .filter(([name]) => name !== '__name__' || (!isPlain && metric !== ''))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { metric: isPlain ? metric : '', labels: pairs };
}

// The series as a selector that finds it again: `up{instance="a:1",job="x"}`.
export function formatSeries(labels: Labels): string {
  const { metric, labels: pairs } = splitSeriesName(labels);
  const matchers = pairs.map(([name, value]) => {
    if (name === '__name__') return `"${escapeValue(value)}"`;
    const left = LABEL_NAME.test(name) ? name : `"${escapeValue(name)}"`;
    return `${left}="${escapeValue(value)}"`;
  });
  if (matchers.length === 0) return metric === '' ? '{}' : metric;
  return `${metric}{${matchers.join(', ')}}`;
}
