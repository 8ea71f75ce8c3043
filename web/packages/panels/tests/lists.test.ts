// What the lists of alerts and of dashboards show.
import { describe, expect, test } from 'vitest';

import { alertGroups, readAlerts, shownAlerts } from '../src/lists/alerts';
import { hitGroups } from '../src/lists/hits';

const ALERTS = readAlerts({
  alerts: [
    { labels: { alertname: 'A', severity: 'page', job: 'api-1' }, state: 'firing', annotations: { __dashboardUid__: 'here' } },
    { labels: { alertname: 'B', severity: 'ticket', job: 'api-2' }, state: 'pending' },
    { labels: { alertname: 'C', severity: 'page' }, state: 'firing' },
  ],
});
const names = (options: Record<string, unknown>, here = 'here'): string[] => shownAlerts(ALERTS, options, here).map(({ name }) => name);

describe('alerts', () => {
  test.each([
    ['{severity="page"}', ['A', 'C']],
    ['severity!="page"', ['B']],
    ['{job=~"api-.", severity="page"}', ['A']],
    ['{job!~"api.*"}', ['C']],
    ['{job=~"("}', []],
    ['', ['A', 'B', 'C']],
  ])('by labels %s', (alertInstanceLabelFilter, want) => expect(names({ alertInstanceLabelFilter })).toEqual(want));
  test('of the dashboard their rule names', () => {
    expect(names({ dashboardAlerts: true })).toEqual(['A']);
    expect(names({ dashboardAlerts: true }, '')).toEqual([]);
  });
  test('in groups by the values of labels', () => {
    const groups = (options: Record<string, unknown>) => alertGroups(ALERTS, options).map(({ name, alerts }) => [name, alerts.length]);
    expect(groups({ groupMode: 'custom', groupBy: ['severity'] })).toEqual([['severity=page', 2], ['severity=ticket', 1]]);
    expect(groups({ groupMode: 'custom', groupBy: [] })).toEqual([['', 3]]);
    expect(groups({ groupMode: 'default', groupBy: ['severity'] })).toEqual([['', 3]]);
  });
});

test('dashboards opened lately stand in that order, without those that are gone', () => {
  const hit = (uid: string) => ({ uid, title: uid, url: '', type: 'dash-db', tags: [], folderUid: '', folderTitle: '', isStarred: false });
  const groups = hitGroups([hit('a'), hit('b'), hit('c')], { showStarred: false, showRecentlyViewed: true, maxItems: 2 }, ['c', 'gone', 'a', 'b']);
  expect(groups.map(({ title, hits }) => [title, hits.map(({ uid }) => uid)])).toEqual([['Recently viewed dashboards', ['c', 'a']]]);
});
