// What several people do at once, against the real program: live points, presence, changes, and what a viewer may not.
import type { Browser, BrowserContext, Page } from '@playwright/test';

import type { Demo } from './demo';
import { api, enter, type Credentials } from './person';
import { expect, test } from './watched_page';

function dashboard(uid: string, title: string, more: object = {}): object {
  // So rare a refresh that whatever moves has come as points.
  return { uid, title, schemaVersion: 41, refresh: '1d', time: { from: 'now-2m', to: 'now' }, ...more };
}

const PANELS = [
  {
    id: 1,
    type: 'timeseries',
    title: 'Samples',
    gridPos: { x: 0, y: 0, w: 24, h: 10 },
    targets: [{ refId: 'A', expr: 'rate(process_cpu_seconds_total[10s])', interval: '1s' }],
  },
];

async function signIn(page: Page, demo: Demo, path: string, credentials?: Credentials): Promise<void> {
  await page.goto(demo.url('dashboards') + path);
  await enter(page, credentials);
  await expect(page.locator('[data-panel-id]').first()).toBeVisible();
}

// As a browser does with a tab that is put behind another; a headless one has none behind.
const setHidden = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);

async function contextOf(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1200, height: 800 } });
}

const plotOf = (page: Page): Promise<string> => page.locator('[data-panel-id="1"] canvas').first().evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''));

test('new points are drawn as they come, and nothing is asked for them', async ({ page, demo, watch }) => {
  watch.tolerate(401, demo.url('dashboards'));
  await api(demo.url('dashboards'), 'POST', '/api/dashboards/db', { dashboard: dashboard('live-points', 'Live', { panels: PANELS }), overwrite: true });
  let asked = 0;
  let endMs = 0;
  let subscribedMs = Infinity;
  page.on('request', (request) => {
    if (request.url().includes('/subscriptions')) subscribedMs = Math.min(subscribedMs, Date.now());
    if (!request.url().includes('/api/ds/query')) return;
    asked += 1;
    endMs = Number((request.postDataJSON() as { to: string }).to);
  });
  await signIn(page, demo, '/d/live-points');
  await expect(page.locator('[data-panel-id="1"]')).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
  // Once when the panel is seen, once more when its channel is open.
  await expect.poll(() => asked).toBe(2);
  // Up to that moment, not to when the page was opened: what came in between would be missing for good.
  expect(endMs).toBeGreaterThanOrEqual(subscribedMs);
  for (let turn = 0; turn < 3; turn += 1) {
    const before = await plotOf(page);
    await expect.poll(() => plotOf(page), { timeout: 10_000 }).not.toBe(before);
  }
  expect(asked).toBe(2);
});

test('others are seen, and told of what one saves; a viewer sees no edit', async ({ page, browser, demo, watch, shoot }) => {
  watch.tolerate(401, demo.url('dashboards'));
  const saved = { dashboard: dashboard('shared-view', 'Shared', { panels: PANELS }), overwrite: true };
  await api(demo.url('dashboards'), 'POST', '/api/dashboards/db', saved);
  await api(demo.url('dashboards'), 'POST', '/api/admin/users', { name: 'Ann Onlooker', login: 'ann', email: 'ann@localhost', password: 'ann-1234' });
  await signIn(page, demo, '/d/shared-view');
  await expect(page.locator('.controls').getByRole('button', { name: 'Edit', exact: true })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Also here' })).toBeHidden();

  const context = await contextOf(browser);
  const other = await context.newPage();
  await signIn(other, demo, '/d/shared-view', { user: 'ann', password: 'ann-1234' });
  await expect(page.getByRole('list', { name: 'Also here' }).getByLabel('Ann Onlooker')).toBeVisible();
  await shoot('presence');
  // A tab that nobody sees gives its connection back, and takes it again.
  await setHidden(other, true);
  await expect(page.getByRole('list', { name: 'Also here' })).toBeHidden();
  await setHidden(other, false);
  await expect(page.getByRole('list', { name: 'Also here' }).getByLabel('Ann Onlooker')).toBeVisible();
  await expect(other.locator('.controls').getByRole('button', { name: 'Edit', exact: true })).toHaveCount(0);
  await other.goto(`${demo.url('dashboards')}/d/shared-view?editPanel=1`);
  await expect(other.locator('[data-panel-id]').first()).toBeVisible();
  await expect(other.locator('.panel-editor')).toHaveCount(0);
  await expect(other.locator('.controls').getByRole('button', { name: /^(Save|Add|Undo)$/ })).toHaveCount(0);

  await api(demo.url('dashboards'), 'POST', '/api/dashboards/db', { dashboard: dashboard('shared-view', 'Shared anew', { panels: PANELS }), overwrite: true });
  await expect(page.getByText('This dashboard was changed by admin.')).toBeVisible();
  await shoot('changed');
  await page.getByRole('button', { name: 'Load the new version' }).click();
  await expect(page).toHaveTitle(/Shared anew/);
  await context.close();
  await expect(page.getByRole('list', { name: 'Also here' })).toBeHidden();
});
