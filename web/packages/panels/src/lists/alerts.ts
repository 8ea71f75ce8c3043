// Alerts as the server's API gives them, narrowed and ordered as a panel asks. Pure.
import { number, record, records, text, texts, type AnyRecord } from '@narthex/dashmodel/json';

export interface Alert {
  name: string;
  state: string;
  activeSinceMs: number;
  labels: Readonly<Record<string, string>>;
  summary: string;
  /** The dashboard it is shown on by its rule's annotation; empty for none. */
  dashboardUid: string;
}

export function readAlerts(answer: unknown): Alert[] {
  return records(record(answer)['alerts']).map((alert) => {
    const labels = Object.fromEntries(Object.entries(record(alert['labels'])).map(([key, value]) => [key, text(value)]));
    const annotations = record(alert['annotations']);
    return {
      name: labels['alertname'] ?? '',
      state: text(alert['state']),
      activeSinceMs: Date.parse(text(alert['activeAt'])),
      labels,
      summary: text(annotations['summary']) || text(annotations['description']),
      dashboardUid: text(annotations['__dashboardUid__']),
    };
  });
}

const IMPORTANCE = ['firing', 'pending', 'inactive'];
// How the panel's sortOrder counts: alphabetical up and down, importance, time up and down.
const ORDERS: Readonly<Record<number, (a: Alert, b: Alert) => number>> = {
  1: (a, b) => a.name.localeCompare(b.name),
  2: (a, b) => b.name.localeCompare(a.name),
  3: (a, b) => IMPORTANCE.indexOf(a.state) - IMPORTANCE.indexOf(b.state),
  4: (a, b) => a.activeSinceMs - b.activeSinceMs,
  5: (a, b) => b.activeSinceMs - a.activeSinceMs,
};

interface LabelMatcher {
  label: string;
  operator: string;
  value: string;
}

const MATCHER = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:\\.|[^"\\])*)"/g;

/** Of `{severity="page", job=~"api.*"}`, with braces or without. */
function matchersOf(filter: string): LabelMatcher[] {
  return [...filter.matchAll(MATCHER)].map(([, label = '', operator = '', value = '']) => ({ label, operator, value: value.replaceAll(/\\(.)/g, '$1') }));
}

function matches(alert: Alert, { label, operator, value }: LabelMatcher): boolean {
  const own = alert.labels[label] ?? '';
  if (operator === '=' || operator === '!=') return (own === value) === (operator === '=');
  try {
    return new RegExp(`^(?:${value})$`).test(own) === (operator === '=~');
  } catch {
    return false;
  }
}

export interface AlertGroup {
  /** Empty where alerts are not grouped. */
  name: string;
  alerts: Alert[];
}

/** By the values of labels, where the panel asks for it. */
export function alertGroups(alerts: readonly Alert[], options: AnyRecord): AlertGroup[] {
  const labels = options['groupMode'] === 'custom' ? texts(options['groupBy']) : [];
  if (labels.length === 0) return [{ name: '', alerts: [...alerts] }];
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const name = labels.map((label) => `${label}=${alert.labels[label] ?? ''}`).join(', ');
    groups.set(name, [...(groups.get(name) ?? []), alert]);
  }
  return [...groups].map(([name, members]) => ({ name, alerts: members }));
}

/** `here` is the dashboard that the panel stands on. */
export function shownAlerts(alerts: readonly Alert[], options: AnyRecord, here = ''): Alert[] {
  const matchers = matchersOf(text(options['alertInstanceLabelFilter']));
  const filter = record(options['stateFilter']);
  const hasFilter = filter['firing'] === true || filter['pending'] === true;
  const name = text(options['alertName']).toLowerCase();
  return alerts
    .filter(({ state }) => !hasFilter || filter[state] === true)
    .filter((alert) => alert.name.toLowerCase().includes(name))
    .filter((alert) => matchers.every((matcher) => matches(alert, matcher)))
    .filter(({ dashboardUid }) => options['dashboardAlerts'] !== true || (here !== '' && dashboardUid === here))
    .toSorted(ORDERS[number(options['sortOrder'], 1)] ?? ORDERS[1])
    .slice(0, number(options['maxItems'], 20));
}
