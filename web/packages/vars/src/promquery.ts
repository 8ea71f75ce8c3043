// The query language of variables on a Prometheus data source.

export type PrometheusVariableQuery =
  | { kind: 'labelNames'; match: string }
  | { kind: 'labelValues'; label: string; match: string }
  | { kind: 'metrics'; regex: string }
  | { kind: 'queryResult'; expr: string }
  | { kind: 'series'; match: string };

const LABEL_NAMES = /^label_names\(\s*(.*?)\s*\)\s*$/s;
// Greedy: the last comma parts the selector from the label, as selectors hold commas themselves.
const LABEL_VALUES = /^label_values\(\s*(?:(.+),\s*)?([A-Za-z_$][\w${}:]*)\s*\)\s*$/s;
const METRICS = /^metrics\(\s*(.*?)\s*\)\s*$/s;
const QUERY_RESULT = /^query_result\((.+)\)\s*$/s;

export function parsePrometheusVariableQuery(text: string): PrometheusVariableQuery {
  const query = text.trim();
  const labelNames = LABEL_NAMES.exec(query);
  if (labelNames) return { kind: 'labelNames', match: labelNames[1] ?? '' };
  const labelValues = LABEL_VALUES.exec(query);
  if (labelValues) {
    return { kind: 'labelValues', label: labelValues[2] ?? '', match: (labelValues[1] ?? '').trim() };
  }
  const metrics = METRICS.exec(query);
  if (metrics) return { kind: 'metrics', regex: metrics[1] ?? '' };
  const queryResult = QUERY_RESULT.exec(query);
  if (queryResult) return { kind: 'queryResult', expr: queryResult[1] ?? '' };
  return { kind: 'series', match: query };
}
