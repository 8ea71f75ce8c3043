// A person signs in and looks at the Test Dashboard.
import type { Locator, Page } from '@playwright/test';

import { USER, type Demo } from './demo';
import { enter } from './person';
import { expect, test } from './watched_page';

const DASHBOARD = '/d/test-dashboard/test-dashboard?orgId=1&refresh=2s';

async function openDashboard(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.url('dashboards') + DASHBOARD);
  await enter(page);
  await expect(page.locator('[data-panel-id]').first()).toBeVisible();
}

// Panels are drawn when they come near the window: each is brought there once.
async function awaitPanelsDone(page: Page): Promise<Locator> {
  const panels = page.locator('[data-panel-id]');
  for (const panel of await panels.all()) {
    await panel.scrollIntoViewIfNeeded();
    await expect(panel).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
  }
  return panels;
}

// What a panel shows: its texts, and the pixels of its charts.
async function appearanceOf(panel: Locator): Promise<string> {
  return panel.evaluate((element) => {
    const charts = [...element.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL());
    const drawings = [...element.querySelectorAll('svg path')].map((path) => path.getAttribute('d'));
    return [element.textContent, ...charts, ...drawings].join('\n');
  });
}

test('a wrong password is refused with a message', async ({ page, demo, watch, shoot }) => {
  watch.tolerate(401, demo.url('dashboards'));
  await page.goto(demo.url('dashboards') + '/login');
  await enter(page, { user: USER, password: 'wrong' });
  await expect(page.getByRole('alert')).toContainText(/invalid username or password/i);
  await expect(page).toHaveURL(/\/login/);
  await shoot('dashboards-refused');
});

test('an address behind the sign-in leads to it, and on to where one wanted to go', async ({ page, demo, watch }) => {
  watch.tolerate(401, demo.url('dashboards'));
  await page.goto(demo.url('dashboards') + DASHBOARD);
  await expect(page).toHaveURL(/\/login/);
  await enter(page);
  await expect(page).toHaveURL(/\/d\/test-dashboard\/test-dashboard\?.*refresh=2s/);
  await expect(page.getByTestId('data-testid RefreshPicker interval button')).toContainText('2s');
});

test.describe('the Test Dashboard', () => {
  test.beforeEach(async ({ page, demo, watch }) => {
    watch.tolerate(401, demo.url('dashboards'));
    await openDashboard(page, demo);
  });

  test('shows every panel, and values that live', async ({ page, shoot }) => {
    test.setTimeout(180_000);
    const panels = await awaitPanelsDone(page);
    expect(await panels.count()).toBeGreaterThanOrEqual(5);
    for (const type of ['timeseries', 'stat', 'gauge', 'bargauge', 'heatmap']) {
      await expect(page.locator(`[data-panel-type="${type}"]`).first(), type).toBeAttached();
    }

    for (const panel of await panels.all()) {
      // Text is the same at each refresh, and a target that is up stays at 1.
      const isStatic = (await panel.getAttribute('data-panel-type')) === 'text' || (await panel.innerText()).startsWith('Targets');
      if (isStatic) continue;
      await panel.scrollIntoViewIfNeeded();
      const before = await appearanceOf(panel);
      await expect
        .poll(() => appearanceOf(panel), { timeout: 20_000, message: `panel ${await panel.getAttribute('data-panel-id')} changes` })
        .not.toBe(before);
    }
    await page.evaluate(() => window.scrollTo(0, 0));
    await shoot('dashboard');
  });

  test('follows another time range', async ({ page }) => {
    await awaitPanelsDone(page);
    await page.getByTestId('data-testid TimePicker Open Button').click();
    await page.getByText('Last 15 minutes', { exact: true }).click();
    await expect(page).toHaveURL(/from=now-15m/);
    await expect(page.getByTestId('data-testid TimePicker Open Button')).toContainText('Last 15 minutes');
    await awaitPanelsDone(page);
  });

  test('is drawn in both themes', async ({ page, shoot }) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const grounds: string[] = [];
    for (const theme of ['dark', 'light']) {
      await page.getByTestId('theme-menu').click();
      await page.getByTestId(`theme-${theme}`).click();
      await awaitPanelsDone(page);
      await page.evaluate(() => window.scrollTo(0, 0));
      grounds.push(await ground());
      await shoot(`dashboard-${theme}`);
    }
    expect(grounds[0]).not.toBe(grounds[1]);
  });

  test('fits a window of 390 pixels', async ({ page, shoot }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await awaitPanelsDone(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, 'the page is wider than the window').toBeLessThanOrEqual(0);
    await shoot('dashboard-narrow');
  });
});

test('a dashboard of a scraped job is made on the spot, and a query of it explained', async ({ page, demo, watch, shoot }) => {
  test.setTimeout(120_000);
  watch.tolerate(401, demo.url('dashboards'));
  await page.goto(demo.url('dashboards') + '/dashboard/generate');
  await enter(page);
  await expect(page.getByRole('list', { name: 'Jobs' })).toContainText('1 of 1 target up, scraped every 1s', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Make a dashboard of exposer' }).click();
  await expect(page.getByRole('heading', { name: 'exposer metrics' })).toBeAttached();
  const panels = page.locator('[data-panel-id]');
  await expect(panels.first()).toBeVisible();
  // Whatever a metric is, its panel asks a query that the server takes.
  for (const panel of await panels.all()) {
    await panel.scrollIntoViewIfNeeded();
    await expect(panel, await panel.innerText()).toHaveAttribute('data-panel-state', /^(done|empty)$/, { timeout: 30_000 });
  }
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot('generated');

  const panel = page.locator('[data-panel-type="timeseries"][data-panel-state="done"]').last();
  await panel.scrollIntoViewIfNeeded();
  await panel.hover();
  await panel.getByRole('button', { name: /^Menu for panel/ }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Explain' }).first().click();
  const steps = page.getByRole('list', { name: 'Steps of the query' }).getByRole('listitem');
  await expect(steps.first()).toContainText(/Selects the series of \w+ whose job is exposer/);
  await expect(steps.last()).toContainText(/\d+ series/);
  await shoot('explained');
});
