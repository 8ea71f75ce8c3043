// From the names of a job's series to families with a kind and a unit.
// Source: Prometheus documentation, "Metric and label naming"; OpenMetrics, "Suffixes".
import type { Family, JobFacts, Kind, Labels, MetricFact } from './types';

// Labels of the target, or of one part of a family: they do not tell series of a panel apart.
const NOT_OWN: ReadonlySet<string> = new Set(['__name__', 'job', 'le', 'quantile']);
const UNITS = ['seconds', 'milliseconds', 'bytes', 'bits', 'ratio', 'percent', 'celsius', 'fahrenheit', 'kelvin', 'volts', 'amperes', 'watts', 'joules', 'grams', 'meters', 'hertz'];
const isTime = (name: string): boolean => /(_timestamp|_time|_timestamp_seconds|_time_seconds)$/.test(name);

function unitOf(name: string, told: string): string {
  if (told !== '') return told;
  const words = name.replace(/_(total|sum|count|bucket|info)$/, '').split('_');
  return UNITS.find((unit) => unit === words.at(-1)) ?? '';
}

function kindOf(name: string, type: string, names: ReadonlySet<string>): Kind {
  if (type === 'histogram' || type === 'gaugehistogram') return names.has(`${name}_bucket`) ? 'histogram' : 'native';
  if (type === 'summary' || type === 'counter') return type;
  if (type === 'info' || name.endsWith('_info')) return 'info';
  if (type === 'unknown' && names.has(`${name}_bucket`)) return 'histogram';
  if (type === 'unknown' && name.endsWith('_total')) return 'counter';
  if (type === 'unknown' && !names.has(name) && names.has(`${name}_sum`)) return 'summary';
  return isTime(name) ? 'timestamp' : 'gauge';
}

/** The family of a series' name; undefined for the time at which something was created. */
function familyName(name: string, names: ReadonlySet<string>, types: ReadonlyMap<string, string>): string | undefined {
  const base = name.replace(/_(bucket|sum|count|created)$/, '');
  if (base === name) return name;
  const type = types.get(name) ?? 'unknown';
  const isPart = names.has(`${base}_bucket`) || (names.has(`${base}_sum`) && names.has(`${base}_count`)) || type === 'histogram' || type === 'summary';
  if (name.endsWith('_created')) return undefined;
  return isPart ? base : name;
}

function labelsOf(series: readonly Labels[]): Family['labels'] {
  const values = new Map<string, Set<string>>();
  for (const labels of series) {
    for (const [name, value] of Object.entries(labels)) {
      if (NOT_OWN.has(name)) continue;
      const known = values.get(name) ?? new Set<string>();
      values.set(name, known.add(value));
    }
  }
  const varying = [...values].map(([name, all]) => ({ name, count: all.size })).filter(({ count }) => count > 1);
  return varying.toSorted((a, b) => a.count - b.count || (a.name < b.name ? -1 : 1));
}

export function familiesOf({ metrics, series }: JobFacts): Family[] {
  const names = new Set(metrics.map(({ name }) => name));
  const types = new Map(metrics.map(({ name, type }) => [name, type]));
  const byFamily = new Map<string, MetricFact>();
  const ownNames = new Map<string, Set<string>>();
  for (const metric of metrics) {
    const family = familyName(metric.name, names, types);
    if (family === undefined) continue;
    byFamily.set(family, byFamily.get(family) ?? metric);
    ownNames.set(family, (ownNames.get(family) ?? new Set()).add(metric.name));
  }
  return [...byFamily].map(([name, { type, help, unit }]) => ({
    name,
    kind: kindOf(name, type, names),
    help,
    unit: unitOf(name, unit),
    labels: labelsOf(series.filter(({ __name__: own = '' }) => ownNames.get(name)?.has(own))),
  }));
}
