// Alerts as the server's API gives them, narrowed and ordered as a panel asks. Pure.
import { number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

export interface Alert {
  name: string;
  state: string;
  activeSinceMs: number;
  labels: Readonly<Record<string, string>>;
  summary: string;
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

export function shownAlerts(alerts: readonly Alert[], options: AnyRecord): Alert[] {
  const filter = record(options['stateFilter']);
  const hasFilter = filter['firing'] === true || filter['pending'] === true;
  const name = text(options['alertName']).toLowerCase();
  return alerts
    .filter(({ state }) => !hasFilter || filter[state] === true)
    .filter((alert) => alert.name.toLowerCase().includes(name))
    .toSorted(ORDERS[number(options['sortOrder'], 1)] ?? ORDERS[1])
    .slice(0, number(options['maxItems'], 20));
}
