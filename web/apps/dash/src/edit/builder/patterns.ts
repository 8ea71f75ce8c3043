// Queries to start from: what is usually asked of a metric of each kind. Pure. Source: spec grafana.md, PROM-12.
import { builderToText, type BuilderQuery, type Operation } from '@narthex/promql-tree';

import { newOperation } from './operations';

export interface Pattern {
  name: string;
  /** Which metrics it is for. */
  group: 'Counters' | 'Histograms' | 'Gauges';
  operations: readonly Operation[];
}

const over = (name: string): Operation => newOperation(name);
const by = (name: string, ...labels: string[]): Operation => ({ kind: 'aggregate', name, args: name === 'topk' ? ['5'] : [], grouping: labels.length > 0 ? { kind: 'by', labels } : undefined });
const quantile = (value: string): Operation => ({ kind: 'function', name: 'histogram_quantile', args: [value], range: '' });
const times = (value: string): Operation => ({ kind: 'scalar', op: '*', value, isBool: false, isLeft: false });

export const PATTERNS: readonly Pattern[] = [
  { name: 'Rate of all together', group: 'Counters', operations: [over('rate'), by('sum')] },
  { name: 'Rate by instance', group: 'Counters', operations: [over('rate'), by('sum', 'instance')] },
  { name: 'Increase over the window', group: 'Counters', operations: [over('increase'), by('sum')] },
  { name: 'The five busiest', group: 'Counters', operations: [over('rate'), by('sum', 'instance'), by('topk')] },
  { name: '95th percentile of buckets', group: 'Histograms', operations: [over('rate'), by('sum', 'le'), quantile('0.95')] },
  { name: '95th percentile of buckets by instance', group: 'Histograms', operations: [over('rate'), by('sum', 'le', 'instance'), quantile('0.95')] },
  { name: '95th percentile of a native histogram', group: 'Histograms', operations: [over('rate'), by('sum'), quantile('0.95')] },
  { name: 'Mean by instance', group: 'Gauges', operations: [by('avg', 'instance')] },
  { name: 'Greatest over the window', group: 'Gauges', operations: [over('max_over_time'), by('max')] },
  { name: 'As per cent', group: 'Gauges', operations: [times('100')] },
];

const GROUPS: ReadonlyArray<readonly [group: Pattern['group'], suits: (metric: string, type: string) => boolean]> = [
  ['Histograms', (metric, type) => type === 'histogram' || metric.endsWith('_bucket')],
  ['Counters', (metric, type) => type === 'counter' || /_(total|sum|count)$/.test(metric)],
  ['Gauges', (_, type) => type === 'gauge'],
];

/** Those of the metric's kind first. */
export function patternsFor(metric: string, type: string): Pattern[] {
  const suited = GROUPS.find(([, suits]) => metric !== '' && suits(metric, type))?.[0];
  return PATTERNS.toSorted((a, b) => Number(b.group === suited) - Number(a.group === suited));
}

/** What was selected stays, what was done with it gives way. */
export const patternText = ({ operations }: Pattern, query: BuilderQuery): string => builderToText({ ...query, modifiers: [], operations: [...operations] });
