// The panel editor: what draws the data, units and colours, overrides, links, the ways to look at the preview, queries.
import type { Page } from '@playwright/test';

import { choose, expect, openBuilt, save, test, toolbar } from './editor_page';
import type { StandIn } from './stand_in';

async function editPanel(page: Page, standIn: StandIn, title: string): Promise<void> {
  await openBuilt(page, standIn, title);
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.keyboard.press('e');
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
}

const options = (page: Page) => page.getByRole('complementary', { name: 'Panel options' });

test('suggestions, units, colours, links and the ways to look (UI-3, FIELD-1)', async ({ page, standIn }) => {
  await editPanel(page, standIn, 'Looks');
  const preview = page.locator('.panel-editor-preview');
  await options(page).getByRole('button', { name: 'Visualization: Time series' }).click();
  await options(page).getByRole('button', { name: /^Bar gauge: / }).click();
  await expect(preview.locator('[data-panel-type="bargauge"][data-panel-state="done"]')).toBeVisible();

  await choose(options(page).getByLabel('Unit', { exact: true }), 'requests/sec', 'requests/sec (rps)');
  await expect(preview).toContainText('req/s');
  await options(page).getByRole('button', { name: /^Colour scheme/ }).click();
  await options(page).getByRole('button', { name: 'Single colour' }).click();
  await options(page).getByRole('button', { name: 'Colour: green' }).click();
  await options(page).getByRole('button', { name: 'purple', exact: true }).click();

  await options(page).getByRole('searchbox', { name: 'Search options' }).or(options(page).getByPlaceholder('Search options')).fill('data links');
  await expect(options(page).getByRole('textbox', { name: 'Title', exact: true })).toHaveCount(0);
  await options(page).getByRole('group', { name: 'Data links' }).getByRole('button', { name: 'Add data link' }).click();
  await options(page).getByRole('combobox', { name: 'Address of data link 1' }).fill('/explore?job=${__field.labels.job}');
  await options(page).getByRole('combobox', { name: 'Address of data link 1' }).press('Enter');

  await page.getByRole('switch', { name: 'Table view' }).check({ force: true });
  await expect(preview.locator('[data-panel-type="table"][data-panel-state="done"]')).toBeVisible();
  await page.getByRole('switch', { name: 'Table view' }).uncheck({ force: true });
  const filled = await preview.locator('[data-panel-id]').boundingBox();
  await page.getByRole('radio', { name: 'Actual' }).check({ force: true });
  await expect.poll(async () => (await preview.locator('[data-panel-id]').boundingBox())?.width).not.toBe(filled?.width);

  await toolbar(page, 'Back').click();
  await save(page, 'Looks');
  const json = await (await page.request.get(`${standIn.url}/api/dashboards/uid/${new URL(page.url()).pathname.split('/')[2] ?? ''}`)).json();
  expect(json).toMatchObject({ dashboard: { panels: [{ type: 'bargauge', fieldConfig: { defaults: { unit: 'reqps', color: { mode: 'fixed', fixedColor: 'purple' }, links: [{ url: '/explore?job=${__field.labels.job}' }] } } }] } });
});

test('overrides for fields by name, by values and by type (FIELD-3)', async ({ page, standIn }) => {
  await editPanel(page, standIn, 'Overridden');
  await options(page).getByRole('button', { name: 'Add field override' }).click();
  const first = options(page).getByRole('listitem', { name: /^Override/ }).first();
  await first.getByLabel('Fields of override 1', { exact: true }).click();
  await page.getByRole('option').first().click();
  await choose(first.getByLabel('Add property to override 1'), 'Colour', 'Colour scheme');
  await expect(first.getByRole('group', { name: 'Colour scheme' }).getByRole('button', { name: 'Colour: blue' })).toBeVisible();
  await choose(first.getByLabel('Add property to override 1'), 'Hide in', 'Hide in area');
  await first.getByRole('switch', { name: 'Legend' }).check({ force: true });

  await options(page).getByRole('button', { name: 'Add field override' }).click();
  const second = options(page).getByRole('listitem', { name: /^Override/ }).last();
  await second.getByLabel('Fields of override 2: kind').click();
  await page.getByRole('option', { name: /Fields with values/ }).click();
  await expect(second.getByLabel('Fields of override 2: calculation')).toBeVisible();
  await second.getByLabel('Fields of override 2: kind').click();
  await page.getByRole('option', { name: /Fields with type/ }).click();
  await expect(second.getByRole('combobox', { name: 'Fields of override 2', exact: true })).toHaveValue('Number');
});

test('mappings of every kind (FIELD-4)', async ({ page, standIn }) => {
  await editPanel(page, standIn, 'Mapped');
  const mappings = options(page).getByRole('group', { name: 'Value mappings' });
  await mappings.getByRole('button', { name: 'Add mapping' }).click();
  for (const [kind, field] of [['Range', 'From'], ['Regex', 'Value to map'], ['Special', 'Special value']] as const) {
    await mappings.getByLabel('Kind of mapping').click();
    await page.getByRole('option', { name: kind, exact: true }).click();
    await expect(mappings.getByLabel(field, { exact: true })).toBeVisible();
  }
  await toolbar(page, 'Undo').click();
  await expect(mappings.getByLabel('Value to map')).toBeVisible();
});

test('queries are started from patterns, hinted at and laid out, their legends chosen (PROM-2, PROM-12)', async ({ page, standIn }) => {
  await editPanel(page, standIn, 'Asked');
  await page.getByRole('button', { name: 'Kick start' }).click();
  await page.getByRole('region', { name: 'Patterns for query A' }).getByRole('button', { name: 'Use The five busiest' }).click();
  await expect(page.locator('.cm-content')).toContainText('topk(5, sum by (instance) (rate(demo_requests_total[$__rate_interval])))');
  await page.locator('.cm-content').fill('demo_requests_total');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'A counter only grows: show its rate' }).click();
  await expect(page.locator('.cm-content')).toContainText('rate(demo_requests_total[$__rate_interval])');
  await page.locator('.cm-content').fill('sum  by(job)(up)');
  // The offers of the editor lie over what is below.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Format' }).click();
  await expect(page.locator('.cm-content')).toHaveText('sum by (job) (up)');

  await page.getByLabel('Legend', { exact: true }).first().click();
  await page.getByRole('option', { name: /Custom/ }).click();
  await expect(page.getByRole('textbox', { name: 'Legend format' })).toHaveValue('{{label_name}}');
});

test('queries go to several sources, and to another panel (DASH-5)', async ({ page, standIn }) => {
  await editPanel(page, standIn, 'Asked');
  await page.getByLabel('Data source', { exact: true }).click();
  await page.getByRole('option', { name: /-- Mixed --/ }).click();
  await page.getByLabel('Data source of query A').click();
  const asked = page.waitForRequest((request) => (request.postData() ?? '').includes('"uid":"gdev-testdata"'));
  await page.getByRole('option', { name: /gdev-testdata/ }).click();
  await asked;
  await page.getByRole('button', { name: 'Add query' }).click();
  await page.getByRole('button', { name: 'Move query B up' }).click();
  await expect(page.getByRole('listitem', { name: /^Query/ }).first()).toHaveAttribute('aria-label', 'Query B');

  await toolbar(page, 'Back').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.keyboard.press('p');
  await page.keyboard.press('d');
  await expect(page.locator('[data-panel-id]')).toHaveCount(2);
  await page.locator('[data-panel-id]').last().hover();
  await page.keyboard.press('e');
  await page.getByLabel('Data source', { exact: true }).click();
  await page.getByRole('option', { name: /-- Dashboard --/ }).click();
  await page.getByRole('combobox', { name: 'Source panel' }).click();
  await page.getByRole('option', { name: 'Requests' }).click();
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
});
