// A page that is open while its server becomes another version, whose scripts have other names.
import type { Page } from '@playwright/test';

import { signInTo } from './stand_in';
import { expect, standInTest as test } from './stand_in_test';

const SCRIPT = '**/TextPanel-*.js';
const DASHBOARD = { uid: 'upgraded', title: 'Upgraded', schemaVersion: 42, panels: [{ id: 1, type: 'text', title: 'Text', gridPos: { x: 0, y: 0, w: 12, h: 6 }, options: { mode: 'markdown', content: 'Still here' } }] };

/** How often the page is loaded. */
function loadsOf(page: Page): () => number {
  let count = 0;
  page.on('load', () => (count += 1));
  return () => count;
}

test.beforeEach(async ({ page, standIn }) => {
  await signInTo(standIn, page.context());
  expect((await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: DASHBOARD, overwrite: true } })).ok()).toBe(true);
});

test('loads itself anew where a script is gone', async ({ page, standIn }) => {
  const loads = loadsOf(page);
  await page.route(SCRIPT, (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.goto(`${standIn.url}/d/upgraded`);
  await expect(page.getByText('Still here')).toBeVisible();
  expect(loads()).toBe(2);
});

test('and only once where it stays away: the panel says so', async ({ page, standIn }) => {
  const loads = loadsOf(page);
  await page.route(SCRIPT, (route) => route.fulfill({ status: 404 }));
  await page.goto(`${standIn.url}/d/upgraded`);
  await expect(page.getByText('This panel could not be drawn')).toBeVisible();
  await expect.poll(loads).toBe(2);
  await expect(page.getByText('This panel could not be drawn')).toBeVisible();
  expect(loads()).toBe(2);
});
