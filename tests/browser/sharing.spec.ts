// What a person takes along and hands on: a panel's data and queries, links, files; and what comes in as a file.
import fs from 'node:fs';

import type { Locator, Page } from '@playwright/test';

import { expect, test, toolbar } from './editor_page';

const FROM = 1_767_323_045_000;
const TEST_DATA = { type: 'grafana-testdata-datasource', uid: 'testdata' };
const csv = (refId: string, alias: string, stringInput: string) => ({ refId, alias, stringInput, scenarioId: 'csv_metric_values', datasource: TEST_DATA });

const dashboard = {
  uid: 'taken',
  title: 'Taken along',
  schemaVersion: 42,
  time: { from: String(FROM), to: String(FROM + 2000) },
  timezone: 'utc',
  templating: { list: [{ type: 'custom', name: 'room', query: 'red,blue', current: { text: 'red', value: 'red' } }, { type: 'constant', name: 'site', query: 'here' }] },
  panels: [
    {
      id: 1,
      type: 'timeseries',
      title: 'Two series',
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
      datasource: TEST_DATA,
      targets: [csv('A', 'up, "quoted"', '1024,2048,null'), csv('B', 'down', '1,2,3')],
      fieldConfig: { defaults: { unit: 'bytes' }, overrides: [] },
      transformations: [{ id: 'filterFieldsByName', options: { exclude: { names: ['down'] } } }],
    },
  ],
};

async function make(page: Page, url: string): Promise<void> {
  const answer = await page.request.post(`${url}/api/dashboards/db`, { data: { dashboard, overwrite: true } });
  expect(answer.ok()).toBe(true);
}

async function downloaded(page: Page, button: Locator): Promise<{ name: string; content: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), content: fs.readFileSync(await download.path(), 'utf8') };
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option }).click();
}

test('the data of a panel are taken along as they are asked for', async ({ page, standIn }) => {
  await make(page, standIn.url);
  await page.goto(`${standIn.url}/d/taken?inspect=1`);
  const drawer = page.getByRole('dialog');
  const save = drawer.getByRole('button', { name: 'Download CSV' });
  await expect(drawer).toContainText('2 queries with a total query time of');
  await expect(drawer.getByRole('columnheader')).toHaveText(['time', 'up, "quoted"']);

  const shown = await downloaded(page, save);
  expect(shown.name).toMatch(/^Two series-data-\d{4}-\d\d-\d\d \d\d_\d\d_\d\d\.csv$/);
  expect(shown.content).toBe('\uFEFF"time","up, ""quoted"""\r\n2026-01-02 03:04:05.000,1 KiB\r\n2026-01-02 03:04:06.000,2 KiB\r\n2026-01-02 03:04:07.000,');

  await drawer.getByText('Transformations', { exact: true }).click();
  await drawer.getByText('Formatted', { exact: true }).click();
  await drawer.getByText('For Excel', { exact: true }).click();
  await expect(drawer.getByRole('combobox', { name: 'Frame' })).toHaveValue('Series joined by time');
  expect((await downloaded(page, save)).content).toBe(`\uFEFFsep=,\r\n"time","up, ""quoted""","down"\r\n${FROM},1024,1\r\n${FROM + 1000},2048,2\r\n${FROM + 2000},,3`);
  await choose(page, 'Frame', 'down (1)');
  await expect(drawer.getByRole('row').nth(1)).toHaveText(`${FROM}1`);
});

test('the JSON of a panel is shown, and applied under edit', async ({ page, standIn }) => {
  await make(page, standIn.url);
  await page.goto(`${standIn.url}/d/taken?inspect=1&inspectTab=json`);
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('region', { name: 'Panel JSON' })).toContainText('"title": "Two series"');
  await choose(page, 'What to show', 'Panel data');
  await expect(drawer.getByRole('region', { name: 'Panel data' })).toContainText('[1024, 2048, null]');
  await choose(page, 'What to show', 'Data frames');
  await expect(drawer.getByRole('region', { name: 'Data frames' })).toContainText('[1, 2, 3]');
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/inspect/);

  await toolbar(page, 'Edit').click();
  await page.goto(`${standIn.url}/d/taken?editPanel=1&inspect=1&inspectTab=json`);
  const draft = drawer.getByRole('textbox', { name: 'JSON of the panel' });
  await draft.fill('{');
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await expect(drawer.getByRole('alert')).toContainText('This cannot be applied');
  await draft.fill(JSON.stringify({ ...dashboard.panels[0], title: 'Renamed' }));
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('heading', { name: 'Inspect: Renamed' })).toBeVisible();
});

test('what a panel asks and what is answered is shown', async ({ page, standIn }) => {
  await make(page, standIn.url);
  await page.goto(`${standIn.url}/d/taken?inspect=1&inspectTab=query`);
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: 'Refresh' }).click();
  const seen = drawer.getByRole('region', { name: 'Request and response' });
  await expect(seen).toContainText(`"from": "${FROM}"`);
  await expect(seen).toContainText('"stringInput": "1,2,3"');
  await expect(seen).toContainText('"status": 200');
  await drawer.getByRole('tab', { name: 'Stats' }).click();
  await expect(drawer.getByRole('row', { name: 'Number of queries 2' })).toBeVisible();
  await expect(drawer.getByRole('row', { name: 'Total number rows 6' })).toBeVisible();
});

test('a link is of fixed instants, of a theme, short', async ({ page, standIn }) => {
  await make(page, standIn.url);
  await page.goto(`${standIn.url}/d/taken?from=now-6h&to=now&var-room=blue`);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('menuitem', { name: 'Share link' }).click();
  const drawer = page.getByRole('dialog');
  const link = drawer.getByRole('textbox', { name: 'Link' });
  await expect(link).toHaveValue(/\/d\/taken\?(?=.*from=\d{13}&to=\d{13})(?=.*var-room=blue)(?!.*shareView)/);
  await drawer.getByText('Lock time range', { exact: true }).click();
  await drawer.getByRole('radio', { name: 'Light' }).check();
  await expect(link).toHaveValue(/from=now-6h&to=now.*theme=light$/);
  await drawer.getByText('Shorten link', { exact: true }).click();
  await expect(link).toHaveValue(/\/goto\/short\?orgId=1/);
});

test('a dashboard goes out for others, and comes in with what it asks for', async ({ page, standIn, faults }) => {
  await make(page, standIn.url);
  await page.goto(`${standIn.url}/d/taken?shareView=export`);
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Export for sharing externally', { exact: true }).click();
  const { name, content } = await downloaded(page, drawer.getByRole('button', { name: 'Download' }));
  expect(name).toBe('Taken along.json');
  const shared: Record<string, unknown> = JSON.parse(content);
  expect(shared['__inputs']).toMatchObject([{ name: 'DS_TESTDATA', pluginId: TEST_DATA.type }, { name: 'VAR_SITE', type: 'constant', value: 'here' }]);

  const element = { uid: 'shelf', name: 'From the shelf', kind: 1, model: { type: 'stat', title: 'Kept', datasource: { uid: '${DS_TESTDATA}', type: TEST_DATA.type }, targets: [csv('A', 'kept', '7')] } };
  const reference = { id: 9, gridPos: { x: 12, y: 0, w: 12, h: 8 }, libraryPanel: { uid: 'shelf', name: 'From the shelf' } };
  const file = { ...shared, __elements: { shelf: element }, __requires: [{ type: 'panel', id: 'geomap' }, { type: 'panel', id: 'graph' }], panels: [...dashboard.panels, reference] };
  await page.goto(`${standIn.url}/dashboard/import`);
  const text = page.getByLabel('Or paste JSON');
  await text.fill('{"title": ');
  await expect(page.getByRole('alert')).toContainText('This is not JSON');
  await text.fill('[]');
  await expect(page.getByRole('alert')).toContainText('not that of a dashboard');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose a file' }).click()]);
  await chooser.setFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) });
  await expect(page.getByRole('alert')).toContainText('geomap');
  await expect(page.getByRole('alert')).not.toContainText('graph');
  await expect(page.getByText('Library panels that come with it: From the shelf')).toBeVisible();
  await page.getByLabel('site', { exact: true }).fill('elsewhere');
  await choose(page, 'testdata', 'gdev-testdata');

  // There is one of that UID.
  await page.getByRole('button', { name: 'Import Taken along' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'There is such a dashboard already' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import and overwrite' })).toBeVisible();
  expect(faults.splice(0)).toEqual([expect.stringContaining('412')]);
  await page.getByLabel('Unique identifier (UID)').fill('taken-in');
  await page.getByRole('button', { name: 'Import Taken along' }).click();
  await expect(page).toHaveURL(/\/d\/taken-in/);
  await expect(page.locator('[data-panel-type="stat"][data-panel-state="done"]')).toContainText('7');

  // A library panel is changed for all, or made one of the dashboard's own.
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-type="stat"]').hover();
  await page.getByRole('button', { name: 'Menu for panel Kept' }).click();
  await expect(page.getByRole('menuitem', { name: 'Edit' })).toBeVisible();
  await page.getByRole('menuitem', { name: 'Unlink library panel' }).click();
  await page.getByRole('button', { name: 'Menu for panel Kept' }).click();
  await expect(page.getByRole('menuitem', { name: 'Create library panel' })).toBeVisible();
});
