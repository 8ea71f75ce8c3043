// The keys of NAV-5, and a panel embedded elsewhere, over the stand-in.
import { expect, test } from './stand_in_test';

const DASHBOARD = '/d/test-dashboard';

test.beforeEach(async ({ page, standIn }) => {
  await page.goto(standIn.url + DASHBOARD);
  await expect(page.locator('[data-panel-id]').first()).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
});

/** The keys of a pair are sent together: on a busy machine they could else lie further apart than a pair may. */
async function press(page: import('@playwright/test').Page, keys: string): Promise<void> {
  await Promise.all(keys.split(' ').map((key) => page.keyboard.press(key)));
}

test('lead to pages', async ({ page }) => {
  for (const [keys, path] of [['g e', '/explore'], ['g p', '/profile'], ['g d', '/dashboards'], ['g h', '/']] as const) {
    await press(page, keys);
    await expect(page).toHaveURL((url) => url.pathname === path);
  }
  await press(page, 's o');
  await expect(page.getByRole('combobox', { name: /Search dashboards/ })).toBeFocused();
  await press(page, 'Escape');
  await press(page, 'h');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(page.getByText('Make the range absolute')).toBeVisible();
  for (const what of ['Show or hide the legend', 'Fit the panels into the window', 'Paste a copied panel, in an edit']) await expect(page.getByText(what)).toBeAttached();
  await press(page, 'Escape');
  await press(page, 'c t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await press(page, 'c t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('move the range, and show what there is to a dashboard', async ({ page }) => {
  const range = (): { from: string | null; to: string | null } => {
    const { searchParams } = new URL(page.url());
    return { from: searchParams.get('from'), to: searchParams.get('to') };
  };
  const width = (): number => Number(range().to) - Number(range().from);
  await press(page, 't a');
  await expect.poll(width).toBeGreaterThan(0);
  const wide = width();
  await press(page, 't c');
  await press(page, 't +');
  await expect.poll(width).toBe(wide / 2);
  await press(page, 't -');
  await expect.poll(width).toBe(wide);
  await press(page, 'Control+z');
  await expect.poll(width).toBe(wide * 2);
  await press(page, 't v');
  await expect.poll(width).toBe(wide);
  await press(page, 'd k');
  await expect(page).toHaveURL(/kiosk=true/);
  await press(page, 'd v');
  await expect(page).not.toHaveURL(/kiosk/);
  await press(page, 'd p');
  await expect(page.getByRole('button', { name: 'Exit edit' })).toBeVisible();
  await press(page, 'd s');
  await expect(page).toHaveURL(/editview=/);
});

test('mean the panel under the pointer', async ({ page }) => {
  const panel = page.locator('[data-panel-type="timeseries"]').first();
  const key = String(await panel.getAttribute('data-panel-key'));
  await panel.scrollIntoViewIfNeeded();
  await panel.hover();
  await press(page, 'v');
  await expect(page).toHaveURL(new RegExp(`viewPanel=${key}`));
  await press(page, 'Escape');
  await expect(page).not.toHaveURL(/viewPanel/);
  await page.locator(`[data-panel-key="${key}"]`).hover();
  await press(page, 'i');
  await expect(page.getByRole('dialog')).toBeVisible();
  await press(page, 'Escape');
  await expect(page).not.toHaveURL(/inspect/);
  const count = await page.locator('[data-panel-id]').count();
  await press(page, 'd p');
  await page.locator(`[data-panel-key="${key}"]`).hover();
  await press(page, 'p d');
  await expect(page.locator('[data-panel-id]')).toHaveCount(count + 1);
  await press(page, 'Control+z');
  await expect(page.locator('[data-panel-id]')).toHaveCount(count);
  await page.locator(`[data-panel-key="${key}"]`).hover();
  await press(page, 'p r');
  await expect(page.locator('[data-panel-id]')).toHaveCount(count - 1);
  await press(page, 'Control+z');
  await press(page, 'd p');
  await page.locator(`[data-panel-key="${key}"]`).hover();
  await press(page, 'p x');
  await expect(page).toHaveURL(/\/explore\?/);
});

test('turn the legend and the exemplars, fit the panels, copy one to another dashboard', async ({ page, standIn }) => {
  const panel = page.locator('[data-panel-type="timeseries"]').first();
  const key = String(await panel.getAttribute('data-panel-key'));
  const legend = panel.getByRole('table');
  await panel.scrollIntoViewIfNeeded();
  await expect(legend).toBeVisible();
  await panel.hover();
  await press(page, 'p l');
  await expect(legend).toHaveCount(0);
  await press(page, 'p l');
  await expect(legend).toBeVisible();

  const exemplars: string[] = [];
  page.on('request', (request) => request.url().includes('query_exemplars') && exemplars.push(request.url()));
  await press(page, 'd x');
  await expect.poll(() => exemplars.length).toBeGreaterThan(0);
  await press(page, 'd x');

  const height = (): Promise<number> => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  await press(page, 'd a');
  await expect(page).toHaveURL(/autofitpanels=true/);
  await expect.poll(height).toBeLessThan(before);
  await press(page, 'd a');
  await expect(page).not.toHaveURL(/autofitpanels/);
  await expect.poll(height).toBe(before);

  await page.locator(`[data-panel-key="${key}"]`).hover();
  await press(page, 'p c');
  await page.goto(`${standIn.url}/dashboard/new`);
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeVisible();
  await press(page, 'p v');
  await expect(page.locator('[data-panel-type="timeseries"]')).toHaveCount(1);
  await page.locator('.controls').getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: /Paste panel/ }).click();
  await expect(page.locator('[data-panel-type="timeseries"]')).toHaveCount(2);
});

test('Escape closes what lies over the page at the first press', async ({ page }) => {
  const drawer = page.getByRole('dialog');
  const panel = page.locator('[data-panel-type="timeseries"]').first();
  await panel.scrollIntoViewIfNeeded();
  for (const keys of ['p e', 'p s']) {
    await panel.hover();
    await press(page, keys);
    await expect(drawer).toBeVisible();
    // The tooltip of a focused button would take the first press for itself.
    await drawer.getByRole('button').first().focus();
    await press(page, 'Escape');
    await expect(drawer).toHaveCount(0);
  }
  await press(page, 'd p');
  await press(page, 'Control+s');
  await expect(drawer).toBeVisible();
  await drawer.getByLabel('What has changed').fill('not kept');
  await press(page, 'Escape');
  await expect(drawer).toHaveCount(0);
});

test('a panel is embedded: its markup, and the page that it shows', async ({ page, standIn }) => {
  const panel = page.locator('[data-panel-type="timeseries"]').first();
  const key = String(await panel.getAttribute('data-panel-key'));
  await panel.scrollIntoViewIfNeeded();
  await panel.hover();
  await press(page, 'p e');
  const markup = await page.getByRole('textbox', { name: 'Markup to embed' }).inputValue();
  const address = (/src="([^"]+)"/.exec(markup)?.[1] ?? '').replaceAll('&amp;', '&');
  expect(address.startsWith(`${standIn.url}/d-solo/test-dashboard`)).toBe(true);
  expect(new URL(address).searchParams.get('panelId')).toBe(key);
  expect(new URL(address).searchParams.get('from')).toMatch(/^\d+$/);
  await page.setViewportSize({ width: 450, height: 200 });
  await page.goto(address);
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await expect(page.locator('[data-panel-id]')).toHaveAttribute('data-panel-state', 'done');
  await expect(page.locator('.top-bar')).toHaveCount(0);
  // The panel fills the frame, and nothing is to be scrolled.
  const box = await page.locator('[data-panel-id]').boundingBox();
  expect(box?.height).toBeGreaterThan(150);
  expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(0);
});
