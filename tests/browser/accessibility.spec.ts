// What Chromium tells a screen reader of the main pages: every control has a name, every chart is put in words,
// loading and failing are announced.
import type { Page } from '@playwright/test';

import { signInTo, type StandIn } from './stand_in';
import { expect, standInTest as test } from './stand_in_test';

// Roles of what one can act on, and of pictures: without a name they say nothing.
const NAMED = new Set([
  'button',
  'checkbox',
  'combobox',
  'img',
  'image',
  'link',
  'menuitem',
  'menuitemradio',
  'option',
  'radio',
  'searchbox',
  'slider',
  'spinbutton',
  'switch',
  'tab',
  'textbox',
]);

interface TreeNode {
  role: string;
  name: string;
}

async function treeOf(page: Page): Promise<TreeNode[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => ({ role: String(role?.value ?? ''), name: String(name?.value ?? '').trim() }));
}

const nameless = (nodes: readonly TreeNode[]): TreeNode[] => nodes.filter(({ role, name }) => NAMED.has(role) && name === '');

async function clickables(page: Page): Promise<string[]> {
  // What looks like a control but is none for the tree.
  return page.locator('[onclick]:not(button, a, input, select, [role])').evaluateAll((found) => found.map((element) => element.outerHTML.slice(0, 120)));
}

const PAGES: ReadonlyArray<readonly [name: string, path: string, ready: string]> = [
  ['home', '/', 'main h1, main h2'],
  ['the list of dashboards', '/dashboards', '.dashboard-list'],
  ['a dashboard', '/d/states', '[data-panel-state="done"]'],
  ['a dashboard under edit', '/d/states?editview=general', 'main input'],
  ['import', '/dashboard/import', '#import-json'],
  ['Explore', '/explore', 'main, [role=region]'],
  ['playlists', '/playlists', 'main h2'],
  ['a new playlist', '/playlists/new', 'main input'],
  ['snapshots', '/dashboard/snapshots', 'main h2'],
  ['members', '/org/users', 'main table'],
  ['users', '/admin/users', 'main table'],
  ['service accounts', '/org/serviceaccounts', 'main h2'],
  ['profile', '/profile', 'main table'],
];

for (const [name, path, ready] of PAGES) {
  test(`${name}: every control has a name and a role`, async ({ page, context, standIn }) => {
    await signInTo(standIn, context);
    await page.goto(`${standIn.url}${path}`);
    await page.locator(ready).first().waitFor();
    await expect(page.locator('.state-loading')).toHaveCount(0);
    expect(nameless(await treeOf(page))).toEqual([]);
    expect(await clickables(page)).toEqual([]);
    await expect(page.getByRole('main')).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    expect(await page.title()).not.toBe('');
  });
}

test('the sign-in page: every control has a name and a role', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/login`);
  await page.getByRole('textbox').first().waitFor();
  expect(nameless(await treeOf(page))).toEqual([]);
});

async function saveCharts(page: Page, standIn: StandIn): Promise<string> {
  const types = ['timeseries', 'stat', 'gauge', 'bargauge', 'heatmap', 'histogram', 'barchart', 'piechart', 'state-timeline', 'table'];
  const panels = types.map((type, index) => ({
    id: index + 1,
    type,
    title: `A ${type}`,
    gridPos: { x: (index % 3) * 8, y: Math.floor(index / 3) * 8, w: 8, h: 8 },
    targets: [{ refId: 'A', expr: 'sum by (method) (demo_requests_total)', ...(type === 'table' || type === 'barchart' ? { format: 'table', instant: true } : {}) }],
    options: type === 'heatmap' ? { calculate: true } : {},
  }));
  const answer = await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: { title: 'In words', panels }, overwrite: true } });
  const saved: unknown = await answer.json();
  return String((saved as { url: string }).url);
}

test('charts are put in words', async ({ page, context, standIn }) => {
  await signInTo(standIn, context);
  await page.goto(`${standIn.url}${await saveCharts(page, standIn)}`);
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(10);
  await expect(page.locator('.panel-pending')).toHaveCount(0);
  await expect(page.getByRole('img', { name: /^A timeseries: 4 series, newest values .*GET [\d.]+/ })).toBeVisible();
  for (const type of ['heatmap', 'histogram', 'barchart', 'piechart', 'state-timeline']) {
    await expect(page.getByRole('img', { name: new RegExp(`^A ${type}: .+`) }).first()).toBeVisible();
  }
  // Values that stand as text are read as text.
  await expect(page.locator('[data-panel-type="stat"]')).toContainText('GET');
  expect(nameless(await treeOf(page))).toEqual([]);
});

test('loading is announced politely, failing at once', async ({ page, context, standIn }) => {
  await signInTo(standIn, context);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/search*', async (route) => {
    await held;
    await route.fulfill({ status: 500, json: { message: 'The disk is full' } });
  });
  await page.goto(`${standIn.url}/dashboards`);
  await expect(page.getByRole('status')).toContainText('Loading dashboards');
  await expect(page.locator('[role="status"][aria-live="polite"]')).toHaveCount(1);
  release();
  await expect(page.getByRole('alert')).toContainText('The disk is full');
});

test('a chart by keyboard: points are told one by one, pinned and let go, and a span is zoomed into', async ({ page, context, standIn }) => {
  await signInTo(standIn, context);
  await page.goto(`${standIn.url}/d/states?from=now-1h&to=now`);
  const chart = page.locator('[data-panel-type="timeseries"][data-panel-state="done"] [role="img"][tabindex="0"]').first();
  await chart.focus();
  const told = page.locator('body > [aria-live="polite"]');
  await page.keyboard.press('ArrowLeft');
  await expect(told).toHaveText(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}, \S/);
  const newest = await told.textContent();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(told).not.toHaveText(newest ?? '');
  await page.keyboard.press('End');
  await expect(told).toHaveText(newest ?? '');
  // The box at the cursor follows, stays when pinned, goes with Escape.
  const close = page.getByRole('button', { name: 'Close' });
  await page.keyboard.press('Enter');
  await expect(close).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(close).toHaveCount(0);
  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  const { searchParams } = new URL(page.url());
  const spanMs = Number(searchParams.get('to')) - Number(searchParams.get('from'));
  expect(spanMs).toBeGreaterThan(0);
  expect(spanMs).toBeLessThan(3_600_000);
});

test('in a narrow window the buttons of the bars keep their names, and the menu of the person has the pages of the bar', async ({ page, context, standIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInTo(standIn, context);
  await page.goto(`${standIn.url}/d/states`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  for (const name of ['Add', 'Save', 'Exit edit']) await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Exit edit', exact: true }).click();
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Explore' }).click();
  await expect(page).toHaveURL(/\/explore/);
  // Tables are laid out as blocks there, with nothing beside the window, and still are tables to who listens.
  await page.goto(`${standIn.url}/admin/users`);
  await expect(page.getByRole('table', { name: 'users' })).toBeVisible();
  expect(await page.locator('.manage-scroll').evaluate((scroll) => scroll.scrollWidth - scroll.clientWidth)).toBe(0);
  expect((await treeOf(page)).filter(({ role }) => ['table', 'row', 'cell', 'columnheader'].includes(role)).length).toBeGreaterThan(10);
});
