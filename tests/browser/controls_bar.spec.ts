// What stands above the panels of a dashboard and in their headings: controls of every kind, ranges by name, notes.
import type { APIRequestContext, Page } from '@playwright/test';

import { expect, test, toolbar } from './editor_page';
import type { StandIn } from './stand_in';

const SOURCE = { type: 'prometheus', uid: 'prometheus' };

async function store(request: APIRequestContext, standIn: StandIn, dashboard: object): Promise<string> {
  const answer = await request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard }, headers: { Cookie: 'grafana_session=fake' } });
  return ((await answer.json()) as { uid: string }).uid;
}

const panel = (part: object): object => ({
  id: 1,
  type: 'timeseries',
  title: 'Requests',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  datasource: SOURCE,
  targets: [{ refId: 'A', expr: 'demo_temperature_celsius', datasource: SOURCE }],
  ...part,
});

const VARIABLES = [
  { name: 'fast', label: 'Fast', type: 'switch', description: 'Leaves out what is slow', current: { value: 'no' }, options: [{ text: 'On', value: 'yes' }, { text: 'Off', value: 'no' }] },
  { name: 'region', label: 'Region', type: 'custom', hide: 3, valuesFormat: 'json', query: '[{"value":"eu","text":"Europe","host":"h1"},{"value":"us","text":"America","host":"h2"}]', current: { value: 'eu' } },
];

const open = async (page: Page, standIn: StandIn, dashboard: object): Promise<void> => {
  await page.goto(`${standIn.url}/d/${await store(page.request, standIn, { schemaVersion: 42, ...dashboard })}`);
};

test('a switch, a menu of controls, and what a choice says besides its value (VAR-1, VAR-8, NAV-1)', async ({ page, standIn }) => {
  await open(page, standIn, {
    title: 'Controls',
    templating: { list: VARIABLES },
    links: [{ type: 'link', title: 'Runbook', url: '/explore', placement: 'inControlsMenu' }],
    panels: [panel({ title: 'At ${region.host}, fast: $fast' })],
  });
  await expect(page.getByRole('heading', { name: 'At h1, fast: no' })).toBeVisible();
  await page.getByRole('switch', { name: 'Fast' }).click({ force: true });
  await expect(page).toHaveURL(/var-fast=yes/);
  await expect(page.getByRole('heading', { name: 'At h1, fast: yes' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Leaves out what is slow' })).toBeVisible();

  await expect(page.getByLabel('Region', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Controls' }).click();
  const menu = page.getByRole('group', { name: 'Controls of the dashboard' });
  await expect(menu.getByRole('link', { name: 'Runbook' })).toBeVisible();
  await menu.getByLabel('Region', { exact: true }).click();
  await page.getByRole('option', { name: 'America' }).click();
  await expect(page.getByRole('heading', { name: 'At h2, fast: yes' })).toBeVisible();
  await menu.getByRole('link', { name: 'Runbook' }).focus();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
});

test('ranges by name, a refresh that follows the range, a panel with a range of its own (NAV-3, NAV-4)', async ({ page, standIn }) => {
  await open(page, standIn, {
    title: 'Ranges',
    time: { from: 'now-1h', to: 'now' },
    timepicker: { quick_ranges: [{ display: 'A shift', from: 'now-8h', to: 'now' }] },
    panels: [panel({ timeFrom: '2h', timeShift: '1d' })],
  });
  await expect(page.locator('.panel-time')).toHaveText('Last 2 hours, timeshift -1d');
  await page.getByRole('button', { name: /^Time range selected/ }).click();
  await page.getByText('A shift', { exact: true }).click();
  await expect(page).toHaveURL(/from=now-8h&to=now/);
  await page.getByRole('button', { name: /Choose refresh time interval/ }).click();
  await page.getByRole('option', { name: 'Auto' }).or(page.getByRole('menuitemradio', { name: 'Auto' })).click();
  await expect(page).toHaveURL(/refresh=auto/);
});

test('a description is read as Markdown and runs nothing', async ({ page, standIn }) => {
  await open(page, standIn, { title: 'Described', panels: [panel({ description: 'Of **all** rooms <img src="x" onerror="document.title=\'run\'">' })] });
  await page.getByRole('button', { name: 'Description' }).focus();
  const about = page.locator('.panel-info-content');
  await expect(about.locator('strong')).toHaveText('all');
  await expect(about.locator('[onerror]')).toHaveCount(0);
  await expect(page).toHaveTitle('Described - Narthex');
});

test('a dashboard to be looked at only is made editable first; Back asks before changes are lost', async ({ page, standIn }) => {
  await store(page.request, standIn, { title: 'Looked at', editable: false, schemaVersion: 42, panels: [panel({})] });
  await page.goto(`${standIn.url}/dashboards`);
  await page.getByRole('link', { name: /Looked at/ }).first().click();
  await expect(toolbar(page, 'Share')).toBeVisible();
  await expect(toolbar(page, 'Edit')).toHaveCount(0);
  await toolbar(page, 'Make editable').click();
  await expect(toolbar(page, 'Save')).toBeVisible();
  const address = page.url();
  const asked: string[] = [];
  page.once('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.evaluate(() => window.history.back());
  await expect.poll(() => asked).toEqual(['There are changes that are not saved. Leave them?']);
  await expect(page).toHaveURL(address);
  await expect(toolbar(page, 'Save')).toBeVisible();
});
