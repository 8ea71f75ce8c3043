// What a person does within panels, over the stand-in: actions, searching in logs, tables within tables.
import type { Page } from '@playwright/test';

import type { StandIn } from './stand_in';
import { expect, test } from './stand_in_test';

// Calls to other servers are the matter here; the policy of the stand-in's pages forbids them.
test.use({ bypassCSP: true });

const TEST_DATA = { type: 'grafana-testdata-datasource', uid: 'testdata' };
const csv = (refId: string, csvContent: string): object => ({ refId, scenarioId: 'csv_content', csvContent, datasource: TEST_DATA });
const ACTIONS = [
  { type: 'fetch', title: 'Restart ${__data.fields.name}', confirmation: 'Restart it?', variables: [{ key: 'why', name: 'Why', type: 'string' }], fetch: { method: 'POST', url: 'http://ops.invalid/restart', queryParams: [['name', '${__data.fields.name}']], body: '{"why":"${why}"}' } },
  { type: 'fetch', title: 'Harm', fetch: { method: 'GET', url: 'javascript:window.pwned=1' } },
];
const ROWS = 'name,group,value\nalpha,x,1\nbeta,x,2\ngamma,y,3';
const byName = (options: string, id: string, value: unknown): object => ({ matcher: { id: 'byName', options }, properties: [{ id, value }] });
const LOG = Array.from({ length: 1200 }, (_, index) => `${1_767_225_600_000 + index},line ${index} of the log,pod-${index % 2}`).join('\n');

function panel(id: number, type: string, more: object): object {
  return { id, type, title: `${type} ${id}`, datasource: TEST_DATA, gridPos: { x: (id % 2) * 12, y: Math.floor(id / 2) * 9, w: 12, h: 9 }, fieldConfig: { defaults: {}, overrides: [] }, options: {}, ...more };
}

async function open(page: Page, standIn: StandIn, panels: object[]): Promise<void> {
  const dashboard = { uid: 'panel-walks', title: 'Panels', schemaVersion: 42, time: { from: 'now-1h', to: 'now' }, panels };
  await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard, overwrite: true } });
  await page.goto(`${standIn.url}/d/panel-walks`);
}

test('an action is run once it was confirmed, with what stands in its row', async ({ page, standIn }) => {
  const calls: string[] = [];
  await page.route('http://ops.invalid/**', (route) => {
    const request = route.request();
    calls.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`);
    return route.fulfill({ status: 202, headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' } });
  });
  await open(page, standIn, [panel(1, 'table', { targets: [csv('A', ROWS)], fieldConfig: { defaults: {}, overrides: [byName('value', 'actions', ACTIONS), byName('value', 'custom.cellOptions', { type: 'actions' })] } })]);
  await page.getByRole('button', { name: 'Restart beta' }).click();
  await page.getByRole('dialog').getByPlaceholder('Value').fill('stuck');
  await page.getByRole('button', { name: 'Continue' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Restart it?');
  await expect(question).toContainText('POST http://ops.invalid/restart?name=beta');
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(calls.filter((call) => !call.startsWith('OPTIONS'))).toEqual([]);
  await page.getByRole('button', { name: 'Restart gamma' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('HTTP 202')).toBeVisible();
  expect(calls.filter((call) => !call.startsWith('OPTIONS'))).toEqual(['POST http://ops.invalid/restart?name=gamma {"why":""}']);
});

test('an action that is no call is refused, in the menu of a value', async ({ page, standIn }) => {
  await open(page, standIn, [panel(1, 'gauge', { targets: [csv('A', ROWS)], fieldConfig: { defaults: { actions: ACTIONS, links: [{ title: 'Elsewhere', url: '/dashboards' }] }, overrides: [] } })]);
  const gauge = page.locator('[data-panel-type="gauge"] svg[role="button"]');
  await gauge.focus();
  await gauge.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Elsewhere' })).toBeVisible();
  await page.getByRole('menuitem', { name: 'Harm' }).click();
  await expect(page.getByRole('dialog')).toContainText('cannot be run');
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('was not run')).toBeVisible();
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
});

test('lines of a log are searched, come in steps and show chosen fields', async ({ page, standIn }) => {
  await open(page, standIn, [panel(1, 'logs', { targets: [csv('A', `time,message,pod\n${LOG}`)], options: { showControls: true, sortOrder: 'Ascending' } })]);
  const lines = page.locator('[data-panel-type="logs"] li button[aria-expanded]');
  await expect(lines).toHaveCount(500);
  // Pressed where it is: brought into sight it would go, for the lines come by themselves then.
  await page.getByRole('button', { name: '500 more of 700' }).dispatchEvent('click');
  await expect(lines).toHaveCount(1000);
  await page.locator('[data-panel-type="logs"] ol').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await expect(lines).toHaveCount(1200);
  await page.getByRole('textbox', { name: 'Search in the lines' }).fill('LINE 117');
  await expect(page.getByText('11 of 1200')).toBeVisible();
  await expect(page.locator('mark').first()).toHaveText('line 117');
  await lines.first().click();
  await page.getByRole('button', { name: 'Show pod in the lines' }).click();
  await expect(lines.first()).toContainText('pod=pod-1');
  await expect(lines.first()).not.toContainText('of the log');
  await page.getByRole('button', { name: 'Show original lines' }).click();
  await expect(lines.first()).toContainText('of the log');
});

test('tables within rows, and tables chosen below', async ({ page, standIn }) => {
  const nesting = { id: 'groupToNestedTable', options: { showSubframeHeaders: true, fields: { group: { operation: 'groupby', aggregations: [] } } } };
  await open(page, standIn, [
    panel(1, 'table', { targets: [csv('A', ROWS)], transformations: [nesting] }),
    panel(2, 'table', { targets: [csv('A', ROWS), csv('B', 'other\nthat')] }),
  ]);
  const nested = page.locator('[data-panel-id="1"]');
  await nested.getByRole('button', { name: /expand/i }).first().click();
  await expect(nested.getByRole('gridcell', { name: 'beta' })).toBeVisible();
  const several = page.locator('[data-panel-id="2"]');
  await several.getByRole('combobox', { name: 'Table' }).click();
  await page.getByRole('option').nth(1).click();
  await expect(several.getByRole('gridcell', { name: 'that' })).toBeVisible();
});
