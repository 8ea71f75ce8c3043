// The steps that several walks through the editor share.
import type { Locator, Page } from '@playwright/test';

import type { StandIn } from './stand_in';
import { expect, test } from './stand_in_test';

export { expect, test };

export const toolbar = (page: Page, name: string): Locator => page.locator('.controls').getByRole('button', { name, exact: true });

export async function addVisualization(page: Page, expr: string, title: string): Promise<void> {
  await toolbar(page, 'Add').click();
  await page.getByRole('menuitem', { name: 'Visualization' }).click();
  await page.getByRole('radio', { name: 'Code' }).check();
  // The code editor takes the place of a plain field once it has arrived.
  await page.locator('.promql-field .cm-content').fill(expr);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill(title);
  await page.getByRole('textbox', { name: 'Title', exact: true }).press('Enter');
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
}

export async function save(page: Page, message: string): Promise<void> {
  await toolbar(page, 'Save').click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('What has changed').fill(message);
  await drawer.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(drawer).toBeHidden();
}

const EXPR = 'sum by (method) (rate(demo_requests_total[1m]))';

/** What `buildDashboard` stores. */
export const BUILT = {
  schemaVersion: 42,
  time: { from: 'now-1h', to: 'now' },
  panels: [
    {
      type: 'timeseries',
      title: 'Requests',
      fieldConfig: { defaults: {}, overrides: [] },
      options: {},
      datasource: { uid: 'prometheus', type: 'prometheus' },
      targets: [{ refId: 'A', expr: EXPR, legendFormat: '__auto', range: true, datasource: { uid: 'prometheus', type: 'prometheus' }, editorMode: 'code' }],
      id: 1,
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
    },
  ],
};

export async function buildDashboard(page: Page, standIn: StandIn, title: string): Promise<void> {
  await page.goto(`${standIn.url}/dashboard/new`);
  await addVisualization(page, EXPR, 'Requests');
  await toolbar(page, 'Back').click();
  await toolbar(page, 'Settings').click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill(title);
  await page.getByRole('textbox', { name: 'Title', exact: true }).press('Enter');
  await toolbar(page, 'Back').click();
  await save(page, 'The first version');
  await expect(page).toHaveURL(/\/d\/made-\d+/);
}

/** The same without the way there, for walks that begin with it. */
export async function openBuilt(page: Page, standIn: StandIn, title: string): Promise<void> {
  const answer = await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: { ...BUILT, title }, message: 'The first version' } });
  const { url } = (await answer.json()) as { url: string };
  await page.goto(`${standIn.url}${url}`);
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(1);
}

/** From a dashboard that is looked at to the editor of its first panel. */
export async function editFirstPanel(page: Page): Promise<void> {
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
}

/** What the editor would store of its panel. */
export async function panelJson(page: Page): Promise<unknown> {
  await page.getByRole('tab', { name: 'JSON' }).click();
  const json: unknown = JSON.parse(await page.getByRole('textbox', { name: 'JSON of the panel' }).inputValue());
  await page.getByRole('tab', { name: 'Queries' }).click();
  return json;
}

/** Types into a list that offers choices, and takes the one of that name. */
export async function choose(field: Locator, typed: string, option: string | RegExp = typed): Promise<void> {
  await field.click();
  await field.fill(typed);
  await field.page().getByRole('option', { name: option }).first().click();
}
