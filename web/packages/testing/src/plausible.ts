// Series for any expression: what they are called follows from its text, so that legends, repeats and tables
// have something to tell apart.
import { hash, steady, type FakeSeries } from './waves';

const SERIES_PER_LABEL = 3;
const SERIES_MAX = 12;
const AGGREGATION = /^\s*(sum|avg|min|max|count|stddev|stdvar|quantile|group|scalar|time|vector|absent)\b/;

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((label) => label.trim())
    .filter((label) => /^\w+$/.test(label));

/** Labels of the outermost grouping; undefined when the expression groups by none. */
export function groupLabels(expr: string): string[] | undefined {
  const found = /\b(by|without)\s*\(([^)]*)\)/.exec(expr);
  return found?.[1] === 'by' ? listOf(found[2] ?? '') : undefined;
}

function equalities(expr: string): Record<string, string> {
  const pairs = [...expr.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

const legendLabels = (legend: string): string[] => [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name);

const WORDS: Readonly<Record<string, readonly string[]>> = {
  method: ['GET', 'POST', 'PUT'],
  code: ['200', '404', '500'],
  status: ['200', '404', '500'],
  mode: ['user', 'system', 'iowait', 'idle'],
  namespace: ['default', 'kube-system', 'monitoring'],
  device: ['sda', 'sdb', 'eth0'],
  job: ['exposer', 'prometheus', 'node'],
  instance: ['10.0.0.1:9100', '10.0.0.2:9100', '10.0.0.3:9100'],
};

export const valuesOf = (label: string): readonly string[] =>
  WORDS[label] ?? Array.from({ length: SERIES_PER_LABEL }, (_, index) => `${label}-${index + 1}`);

function combinations(labels: readonly string[], fixed: Record<string, string>): Array<Record<string, string>> {
  let all: Array<Record<string, string>> = [{}];
  for (const label of labels) {
    const values = fixed[label] === undefined ? valuesOf(label) : [fixed[label]];
    all = all.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))).slice(0, SERIES_MAX);
  }
  return all;
}

function sizeOf(expr: string): number {
  if (/bytes|memory|size/i.test(expr)) return 4e8;
  if (/quantile|seconds|duration/i.test(expr)) return 0.08;
  if (/start_time|boot_time|timestamp/.test(expr)) return 1_700_000_000;
  if (/percent|ratio|\*\s*100\b/i.test(expr)) return 42;
  return 5 + (hash(expr) % 60);
}

export function plausibleSeries(expr: string, legend: string): FakeSeries[] {
  const grouped = groupLabels(expr);
  const fixed = equalities(expr);
  const wanted = grouped ?? (AGGREGATION.test(expr) ? [] : ['instance', ...legendLabels(legend)]);
  const name = /^\s*([a-zA-Z_:][\w:]*)\s*(\{[^{}]*\})?\s*$/.exec(expr)?.[1];
  const labels = [...new Set([...wanted, ...(name ? Object.keys(fixed) : [])])].filter((label) => label !== 'le');
  const size = sizeOf(expr);
  return combinations(labels, fixed).map((own, index) => {
    const all = { ...(name ? { __name__: name } : {}), ...own };
    return steady(all, size * (1 + index * 0.35));
  });
}
