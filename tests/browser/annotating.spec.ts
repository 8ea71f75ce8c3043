// What a person marks on a panel: a span by Ctrl and dragging, an instant from the tooltip; changed, and taken away.
import type { Locator, Page } from '@playwright/test';

import { expect, test } from './editor_page';

const dashboard = {
  uid: 'marked',
  title: 'Marked',
  schemaVersion: 42,
  panels: [
    { id: 1, type: 'timeseries', title: 'Load', gridPos: { x: 0, y: 0, w: 12, h: 8 }, targets: [{ refId: 'A', expr: 'sum(up)' }] },
    { id: 2, type: 'timeseries', title: 'Others', gridPos: { x: 12, y: 0, w: 12, h: 8 }, targets: [{ refId: 'A', expr: 'sum(up)' }] },
  ],
};

async function plotOf(panel: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await expect(panel).toHaveAttribute('data-panel-state', 'done');
  const box = await panel.locator('.u-over').boundingBox();
  if (!box) throw new Error('the panel has no plot');
  return box;
}

async function ctrlDrag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.keyboard.down('Control');
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, to.y);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
  await page.keyboard.up('Control');
}

test('a span is marked, its words changed, and taken away', async ({ page, standIn }) => {
  expect((await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard, overwrite: true } })).ok()).toBe(true);
  await page.goto(`${standIn.url}/d/marked?from=now-1h&to=now`);
  const panel = page.locator('[data-panel-id="1"]');
  const plot = await plotOf(panel);
  const at = (share: number) => ({ x: plot.x + plot.width * share, y: plot.y + plot.height / 2 });
  await ctrlDrag(page, at(0.3), at(0.6));
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('heading', { name: 'Add region annotation' })).toBeVisible();
  await expect(drawer.getByRole('button', { name: 'Save' })).toBeDisabled();
  await drawer.getByLabel('Description').fill('New release');
  await drawer.getByLabel('Tags').fill('release, web,web');
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/annotations'));
  await drawer.getByRole('button', { name: 'Save' }).click();
  const body: { time: number; timeEnd: number } = JSON.parse((await sent).postData() ?? '{}');
  expect(body).toMatchObject({ dashboardUID: 'marked', panelId: 1, text: 'New release', tags: ['release', 'web'] });
  expect(Math.abs(body.timeEnd - body.time - 0.3 * 3_600_000)).toBeLessThan(60_000);
  // The range has not become that of the mark.
  await expect(page).toHaveURL(/from=now-1h/);

  await page.mouse.move(at(0.45).x, at(0.45).y);
  await expect(page.getByText('New release')).toBeVisible();
  await page.mouse.click(at(0.45).x, at(0.45).y);
  await page.getByRole('button', { name: 'Edit annotation' }).click();
  await expect(drawer.getByRole('heading', { name: 'Edit region annotation' })).toBeVisible();
  await expect(drawer.getByLabel('Tags')).toHaveValue('release, web');
  await drawer.getByLabel('Description').fill('Older release');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toBeHidden();

  // Made on one panel, it is shown there alone.
  const other = await plotOf(page.locator('[data-panel-id="2"]'));
  await page.mouse.move(other.x + other.width * 0.45, other.y + 20);
  await expect(page.getByText('Older release')).toHaveCount(0);
  await page.mouse.click(at(0.45).x, at(0.45).y);
  await expect(page.getByText('Older release')).toBeVisible();
  await page.getByRole('button', { name: 'Edit annotation' }).click();
  // The plot is drawn anew once the marks that are left have come.
  const left = page.waitForResponse((response) => response.request().method() === 'GET' && response.url().includes('/api/annotations'));
  await drawer.getByRole('button', { name: 'Delete' }).click();
  await expect(drawer).toBeHidden();
  await left;
  await page.mouse.click(at(0.45).x, at(0.45).y);
  await expect(page.getByRole('button', { name: 'Add annotation' })).toBeVisible();
  await expect(page.getByText('Older release')).toHaveCount(0);
  await page.getByRole('button', { name: 'Add annotation' }).click();
  await expect(drawer.getByRole('heading', { name: 'Add annotation' })).toBeVisible();
});
