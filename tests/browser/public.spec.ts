// A dashboard shown to everybody who has its address, over the real program: made public, looked at by somebody who is
// not signed in, paused, taken back.
import type { Browser, Page } from '@playwright/test';

import { api, enter } from './person';
import { expect, test } from './watched_page';

const PROM = { type: 'prometheus', uid: 'prometheus' };
const panel = (id: number, type: string, x: number, y: number, more: object): object => ({ id, type, title: `Panel ${id}`, gridPos: { x, y, w: 12, h: 8 }, ...more });
const asks = (expr: string, more: object = {}): object => ({ datasource: PROM, targets: [{ refId: 'A', expr, datasource: PROM, legendFormat: '{{job}}', ...more }] });

const DASHBOARD = {
  uid: 'for-all',
  title: 'For all to see',
  schemaVersion: 42,
  time: { from: 'now-5m', to: 'now' },
  refresh: '1s',
  annotations: { list: [{ name: 'Notes', enable: true, iconColor: 'red', datasource: { type: 'grafana', uid: '-- Grafana --' } }] },
  panels: [
    panel(1, 'timeseries', 0, 0, asks('up{job!="hidden_from_visitors"}')),
    panel(2, 'stat', 12, 0, asks('count(up)', { instant: true })),
    panel(3, 'text', 0, 8, { options: { mode: 'markdown', content: 'Nothing to **sign in** for' } }),
    panel(4, 'table', 12, 8, { datasource: { type: 'datasource', uid: '-- Dashboard --' }, targets: [{ refId: 'A', panelId: 1 }] }),
    { id: 5, type: 'row', title: 'More', collapsed: true, gridPos: { x: 0, y: 16, w: 24, h: 1 }, panels: [panel(6, 'stat', 0, 17, asks('vector(7)'))] },
  ],
};

// A browser that has never been here, and what it asked for.
async function visit(browser: Browser, address: string): Promise<{ page: Page; asked: string[]; answers: string[]; faults: string[] }> {
  const context = await browser.newContext({ timezoneId: 'UTC', locale: 'en-US' });
  const page = await context.newPage();
  const asked: string[] = [];
  const answers: string[] = [];
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', async (response) => {
    if (!response.url().includes('/api/')) return;
    asked.push(new URL(response.url()).pathname);
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
    answers.push(await response.text().catch(() => ''));
  });
  await page.goto(address);
  return { page, asked, answers, faults };
}

const panelOf = (page: Page, id: number) => page.locator(`[data-panel-id="${id}"]`);

test('a dashboard is made public, seen, paused and taken back', async ({ page, demo, browser, watch, shoot }) => {
  test.setTimeout(120_000);
  const url = demo.url('dashboards');
  watch.tolerate(401, url);
  // That it is not public yet.
  watch.tolerate(404, '/public-dashboards');
  await api(url, 'POST', '/api/dashboards/db', { dashboard: DASHBOARD, overwrite: true });
  await api(url, 'POST', '/api/annotations', { dashboardUID: 'for-all', time: Date.now() - 60_000, text: 'A note for visitors' });
  await page.goto(`${url}/d/for-all`);
  await enter(page);
  await expect(panelOf(page, 1)).toHaveAttribute('data-panel-state', 'done');

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('menuitem', { name: /Public dashboard/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: 'Make it public' }).click();
  const link = drawer.getByRole('link', { name: /public-dashboards/ });
  const address = String(await link.getAttribute('href'));
  expect(address).toMatch(new RegExp(`^${url}/public-dashboards/[0-9a-f]{32}$`));
  await shoot('public-drawer');

  const visitor = await visit(browser, address);
  await expect(visitor.page.getByRole('heading', { name: 'For all to see' })).toBeVisible();
  for (const id of [1, 2, 3, 4]) await expect(panelOf(visitor.page, id)).toHaveAttribute('data-panel-state', 'done');
  await expect(visitor.page.getByText('Nothing to sign in for')).toBeVisible();
  await visitor.page.getByRole('button', { name: /More/ }).click();
  await expect(panelOf(visitor.page, 6)).toContainText('7');
  // It is the dashboard and nothing else: no bar, no menu, no range to choose, no edit.
  await expect(visitor.page.getByTestId('user-menu')).toHaveCount(0);
  await expect(visitor.page.getByRole('toolbar')).toHaveCount(0);
  await panelOf(visitor.page, 1).hover();
  await expect(visitor.page.getByRole('button', { name: /Menu/ })).toHaveCount(0);
  await visitor.page.keyboard.press('e');
  await expect(visitor.page).toHaveURL(address);
  // Its own refresh goes on.
  const before = visitor.asked.length;
  await expect.poll(() => visitor.asked.length).toBeGreaterThan(before + 3);
  expect(visitor.asked.filter((path) => !path.startsWith('/api/public/dashboards/'))).toEqual([]);
  expect(visitor.answers.join('')).not.toContain('hidden_from_visitors');
  expect(visitor.answers.join('')).not.toContain('A note for visitors');
  expect(visitor.faults).toEqual([]);
  const screens = String(test.info().config.metadata['screens']);
  await visitor.page.screenshot({ path: `${screens}/public-wide.png` });
  await visitor.page.setViewportSize({ width: 390, height: 844 });
  await visitor.page.goto(`${address}?theme=light`);
  await expect(panelOf(visitor.page, 1)).toHaveAttribute('data-panel-state', 'done');
  await visitor.page.screenshot({ path: `${screens}/public-narrow-light.png` });
  // A range in the address is not heeded.
  await visitor.page.goto(`${address}?from=0&to=1000`);
  await expect(panelOf(visitor.page, 1)).toHaveAttribute('data-panel-state', 'done');

  await drawer.getByText('Visitors may choose the time range').click();
  await drawer.getByText('Visitors see the annotations').click();
  await expect(drawer.getByRole('checkbox').nth(1)).toBeChecked();
  await visitor.page.setViewportSize({ width: 1280, height: 800 });
  await visitor.page.goto(address);
  await visitor.page.getByTestId('data-testid TimePicker Open Button').click();
  await visitor.page.getByText('Last 15 minutes').click();
  await expect(visitor.page).toHaveURL(/from=now-15m/);
  await expect(panelOf(visitor.page, 1)).toHaveAttribute('data-panel-state', 'done');
  await expect.poll(() => visitor.answers.join('')).toContain('A note for visitors');
  await expect(visitor.page.getByRole('button', { name: 'Kiosk mode' })).toHaveCount(0);
  await visitor.page.screenshot({ path: `${screens}/public-with-range.png` });
  expect(visitor.faults).toEqual([]);

  await drawer.getByRole('button', { name: 'Pause' }).click();
  await expect(drawer.getByText('It is paused', { exact: false })).toBeVisible();
  await visitor.page.goto(address);
  await expect(visitor.page.getByRole('heading', { name: 'This dashboard is paused' })).toBeVisible();
  await visitor.page.screenshot({ path: `${screens}/public-paused.png` });
  await drawer.getByRole('button', { name: 'Resume' }).click();
  await expect(drawer.getByRole('button', { name: 'Pause' })).toBeVisible();
  await visitor.page.goto(address);
  await expect(panelOf(visitor.page, 2)).toHaveAttribute('data-panel-state', 'done');

  await drawer.getByRole('button', { name: 'Delete the public dashboard' }).click();
  await drawer.getByRole('button', { name: 'Really: Delete the public dashboard' }).click();
  await expect(drawer.getByRole('button', { name: 'Make it public' })).toBeVisible();
  await visitor.page.goto(address);
  await expect(visitor.page.getByRole('heading', { name: 'There is no such public dashboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await visitor.page.context().close();
});
