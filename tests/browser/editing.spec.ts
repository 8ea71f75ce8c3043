// A person builds a dashboard, changes it, saves it, goes back to an earlier version, and explores.
import { expect, test as base, type Locator, type Page } from '@playwright/test';

import { hasPages, signInTo, startStandIn, type StandIn } from './stand_in';

const test = base.extend<{ faults: string[] }, { standIn: StandIn }>({
  standIn: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const standIn = await startStandIn();
      await use(standIn);
      await standIn.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  faults: [
    async ({ page, context, standIn }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
      page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
      await signInTo(standIn, context);
      await use(faults);
      expect(faults, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

test.skip(!hasPages() && process.env.CI !== 'true', 'the pages are not built');

const toolbar = (page: Page, name: string): Locator => page.locator('.controls').getByRole('button', { name, exact: true });

async function addVisualization(page: Page, expr: string, title: string): Promise<void> {
  await toolbar(page, 'Add').click();
  await page.getByRole('menuitem', { name: 'Visualization' }).click();
  // The code editor takes the place of a plain field once it has arrived.
  await page.locator('.promql-field .cm-content').fill(expr);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill(title);
  await page.getByRole('textbox', { name: 'Title', exact: true }).press('Enter');
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
}

async function save(page: Page, message: string): Promise<void> {
  await toolbar(page, 'Save').click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('What has changed').fill(message);
  await drawer.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(drawer).toBeHidden();
}

async function buildDashboard(page: Page, standIn: StandIn, title: string): Promise<void> {
  await page.goto(`${standIn.url}/dashboard/new`);
  await addVisualization(page, 'sum by (method) (rate(demo_requests_total[1m]))', 'Requests');
  await toolbar(page, 'Back').click();
  await toolbar(page, 'Settings').click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill(title);
  await page.getByRole('textbox', { name: 'Title', exact: true }).press('Enter');
  await toolbar(page, 'Back').click();
  await save(page, 'The first version');
  await expect(page).toHaveURL(/\/d\/made-\d+/);
}

test('a dashboard from nothing, with a variable and a copied panel', async ({ page, standIn }) => {
  await buildDashboard(page, standIn, 'Built by hand');
  await toolbar(page, 'Edit').click();

  await toolbar(page, 'Settings').click();
  await page.getByRole('tab', { name: 'Variables' }).click();
  await page.getByRole('button', { name: 'Add variable' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('job');
  await page.getByRole('textbox', { name: 'Query' }).fill('label_values(up, job)');
  await page.getByRole('textbox', { name: 'Query' }).press('Enter');
  await expect(page.getByRole('group', { name: 'Variables' }).getByText('job')).toBeVisible();
  await toolbar(page, 'Back').click();

  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(2);
  await toolbar(page, 'Undo').click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await toolbar(page, 'Redo').click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(2);

  await save(page, 'A variable and a copy');
  await page.reload();
  await expect(page.locator('[data-panel-id][data-panel-state="done"]')).toHaveCount(2);
  await expect(page.getByRole('group', { name: 'Variables' }).getByText('job')).toBeVisible();
});

test('a panel is moved and resized with the keyboard', async ({ page, standIn }) => {
  await buildDashboard(page, standIn, 'Moved');
  await toolbar(page, 'Edit').click();
  const panel = page.locator('.cell').first();
  const before = await panel.boundingBox();
  await page.getByRole('button', { name: 'Move Requests' }).press('ArrowRight');
  await expect.poll(async () => (await panel.boundingBox())?.x).toBeGreaterThan(before?.x ?? 0);
  await page.getByRole('button', { name: 'Resize Requests' }).press('ArrowDown');
  await expect.poll(async () => (await panel.boundingBox())?.height).toBeGreaterThan(before?.height ?? 0);
});

test('an earlier version is compared and restored', async ({ page, standIn }) => {
  await buildDashboard(page, standIn, 'Two versions');
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByText('This dashboard has no panels')).toBeVisible();
  await save(page, 'Emptied');

  await toolbar(page, 'Settings').click();
  await page.getByRole('tab', { name: 'Versions' }).click();
  await expect(page.getByRole('cell', { name: 'Emptied' })).toBeVisible();
  await page.getByRole('button', { name: 'Compare' }).last().click();
  await expect(page.getByRole('list', { name: 'Changes' })).toContainText('panels');
  await page.getByRole('button', { name: /^Restore version/ }).click();
  await page.getByRole('tab', { name: 'General' }).click();
  await toolbar(page, 'Back').click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
});

test('a dashboard from a file says why it cannot be saved', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/d/states`);
  await toolbar(page, 'Edit').click();
  await toolbar(page, 'Save').click();
  await expect(page.getByRole('dialog')).toContainText('comes from a file');
  await expect(page.getByRole('button', { name: 'Save copy' })).toBeVisible();
});

test('a file is imported, its data source chosen', async ({ page, standIn }) => {
  const dashboard = {
    __inputs: [{ name: 'DS_PROM', label: 'Prom', type: 'datasource', pluginId: 'prometheus' }],
    title: 'Imported',
    schemaVersion: 16,
    rows: [{ panels: [{ type: 'singlestat', title: 'Up', datasource: '${DS_PROM}', targets: [{ expr: 'up' }] }] }],
  };
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify(dashboard));
  await expect(page.getByLabel('Prom', { exact: true })).toHaveValue('Prometheus');
  await page.getByRole('button', { name: 'Import Imported' }).click();
  await expect(page.locator('[data-panel-type="stat"][data-panel-state="done"]')).toBeVisible();
});

test('a panel leads to Explore, and Explore back to a dashboard', async ({ page, standIn }) => {
  await buildDashboard(page, standIn, 'Explored');
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Explore' }).click();
  await expect(page).toHaveURL(/\/explore\?.*panes=/);
  await expect(page.locator('[data-panel-type="timeseries"][data-panel-state="done"]')).toBeVisible();
  await page.getByRole('button', { name: 'Split' }).click();
  await expect(page.getByRole('region', { name: 'Explore' })).toHaveCount(2);
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Add to dashboard' }).click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
});
