import { loadDashboard } from '@narthex/dashmodel';
import { askingPanel, buildQueries, findDataSource } from '@narthex/runner';
import { describe, expect, test } from 'vitest';

import { marksOfNotes, visitorSettings } from '../src/dashboard/visitor';

const PROM = { type: 'prometheus', uid: 'p' };
// As the server gives them: without what is asked.
const dashboard = loadDashboard({
  schemaVersion: 42,
  panels: [
    { id: 1, type: 'timeseries', datasource: PROM, targets: [{ refId: 'A', datasource: PROM }] },
    { id: 2, type: 'stat', targets: [{ refId: 'A' }] },
    { id: 3, type: 'row', collapsed: true, panels: [{ id: 4, type: 'stat', datasource: { uid: '-- Dashboard --' }, targets: [{ refId: 'A', panelId: 1 }] }] },
  ],
});
const keep = (text: string): string => text;

describe('a visitor', () => {
  const settings = visitorSettings(dashboard);

  test('is nobody', () => expect(settings.user).toMatchObject({ isSignedIn: false, orgRole: 'None', id: 0 }));

  test('finds each source that a panel names, and the standard one', () => {
    expect(findDataSource(settings, PROM, keep)).toMatchObject({ uid: 'p', type: 'prometheus' });
    expect(findDataSource(settings, null, keep)).toMatchObject({ uid: '', isDefault: true });
  });

  test.each([
    [0, 100],
    [1, 100],
  ])('panel %i says how finely it is asked, whatever the interval of the source', (index, points) => {
    const [panel] = dashboard.panels.slice(index);
    if (!panel) throw new Error('no panel');
    const context = { sources: settings, window: { fromMs: 0, toMs: 100_000 }, isRelative: true, widthPx: points, write: keep, writeQuery: keep, narrow: keep };
    expect(buildQueries(panel, context)).toMatchObject([{ refId: 'A', intervalMs: 1000, maxDataPoints: points }]);
  });
});

test('the answer that a panel shares is asked for by the panel that has the queries', () => {
  const [first, , row] = dashboard.panels;
  expect(row?.panels.map((panel) => askingPanel(panel, dashboard.panels).id)).toEqual([1]);
  expect(first && askingPanel(first, dashboard.panels).id).toBe(1);
});

test('notes are marks, on their own panel where they have one', () => {
  const note = { timeMs: 1, timeEndMs: 2, text: 'x', tags: ['t'], color: 'red' };
  expect(marksOfNotes([{ ...note, panelId: 0 }, { ...note, panelId: 7 }])).toEqual([
    { fromMs: 1, toMs: 2, title: '', text: 'x', tags: ['t'], color: 'red' },
    { fromMs: 1, toMs: 2, title: '', text: 'x', tags: ['t'], color: 'red', panels: { ids: [7], isExcluded: false } },
  ]);
});
