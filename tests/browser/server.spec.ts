// A walk through the server's own pages.
import type { Page } from '@playwright/test';

import type { Demo } from './demo';
import { expect, test } from './watched_page';

const editorOf = (page: Page) => page.getByRole('textbox', { name: /^Expression of/ }).first();

async function open(page: Page, demo: Demo, address: string): Promise<void> {
  await page.goto(demo.url('server') + address);
}

async function execute(page: Page, expression: string): Promise<void> {
  // The code editor takes the place of the plain field once it has arrived.
  await expect(page.locator('.cm-content').first()).toBeVisible();
  await editorOf(page).fill(expression);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Execute' }).first().click();
}

// All targets of the demo, once each was scraped.
async function awaitTargetsUp(page: Page, demo: Demo): Promise<number> {
  await open(page, demo, '/targets');
  await expect(page.getByTestId('scrape-pool').first()).toBeVisible();
  const count = await page.getByTestId('target').count();
  await expect(page.locator('[data-testid="target"][data-health="up"]')).toHaveCount(count);
  return count;
}

test('the start page and the old graph address lead to the query page', async ({ page, demo }) => {
  for (const address of ['/', '/graph?g0.expr=up&g0.tab=1']) {
    await open(page, demo, address);
    await expect(page).toHaveURL(/\/query(\?|$)/);
    await expect(page.getByRole('button', { name: 'Execute' })).toBeVisible();
  }
  await expect(editorOf(page)).toContainText('up');
});

test('every target is up', async ({ page, demo, shoot }) => {
  expect(await awaitTargetsUp(page, demo)).toBeGreaterThanOrEqual(3);
  await shoot('server-targets');

  await page.getByRole('textbox', { name: 'Filter targets' }).fill('no such target');
  await expect(page.getByText('No target matches the filter')).toBeVisible();
});

test('an expression shows as a table', async ({ page, demo, shoot }) => {
  const targetCount = await awaitTargetsUp(page, demo);
  await open(page, demo, '/query');
  await execute(page, 'up');
  const rows = page.getByTestId('result-table').locator('tbody tr');
  await expect(rows).toHaveCount(targetCount);
  await expect(rows.first()).toContainText('up{');
  await expect(rows.first().locator('td').last()).toHaveText('1');
  await expect(page.getByTestId('query-stats')).toContainText(`${targetCount} series`);
  await expect(page).toHaveURL(/g0\.expr=up/);
  await shoot('server-table');
});

test('Enter executes and Shift+Enter makes a new line', async ({ page, demo }) => {
  await open(page, demo, '/query');
  await execute(page, '1');
  await editorOf(page).fill('');
  await page.keyboard.type('2 +');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('3');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('result-table').locator('tbody td').last()).toHaveText('5');
});

test('an expression is explained step by step, with what each step gives', async ({ page, demo, shoot }) => {
  await awaitTargetsUp(page, demo);
  await open(page, demo, `/query?g0.expr=${encodeURIComponent('topk(1, sum by (job) (count_over_time(up[1m])))')}&g0.tab=table`);
  await page.getByText('Explain', { exact: true }).click();
  await expect(page).toHaveURL(/g0\.tab=explain/);
  const steps = page.getByRole('list', { name: 'Steps of the query' }).locator('> li');
  await expect(steps).toHaveCount(5);
  await expect(steps.first()).toContainText('Selects the series of up, the newest sample of each. 3 series.');
  await expect(steps.nth(1)).toContainText('The values below count the samples of each.');
  await expect(steps.last()).toContainText('Keeps the 1 largest of all series. 1 series.');
  await shoot('server-explain');
});

test('an expression shows as a graph that can be zoomed and gone back from', async ({ page, demo, shoot }) => {
  await awaitTargetsUp(page, demo);
  await open(page, demo, '/query?g0.expr=up&g0.tab=0&g0.range_input=1m');
  const chart = page.getByTestId('chart');
  await expect(chart.locator('canvas')).toBeVisible();
  const legend = page.getByRole('list', { name: 'Series' }).getByRole('button');
  await expect(legend.first()).toContainText('up{');

  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  const y = box.y + box.height / 2;
  // The right edge is now: every target has a sample there.
  const right = box.x + box.width - 16;
  await page.mouse.move(right, y);
  await expect(chart.getByText(/^\d{4}-\d{2}-\d{2} /)).toBeVisible();
  await shoot('server-graph');

  await page.mouse.move(box.x + box.width * 0.4, y);
  await page.mouse.down();
  await page.mouse.move(right, y, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/g0\.end_input=/);

  await page.getByText('Stacked', { exact: true }).click();
  await expect(page).toHaveURL(/g0\.display_mode=stacked/);
  await legend.first().click();
  await expect(legend.first()).toHaveAttribute('aria-pressed', 'true');
  await expect(legend.last()).toHaveAttribute('aria-pressed', 'false');

  await page.getByText('Table', { exact: true }).first().click();
  await expect(page.getByTestId('result-table')).toBeVisible();
  await page.goBack();
  await expect(chart).toBeVisible();
});

test('a wrong expression shows the error', async ({ page, demo, watch, shoot }) => {
  watch.tolerate(400, '/api/v1/query');
  // The query field asks the server what it makes of the text.
  watch.tolerate(400, '/api/v1/parse_query');
  await open(page, demo, '/query');
  await execute(page, 'up{');
  await expect(page.getByRole('alert')).toContainText('parse error');
  await shoot('server-error');
});

test('completion offers metrics of the server', async ({ page, demo }) => {
  await awaitTargetsUp(page, demo);
  await open(page, demo, '/query');
  await expect(page.locator('.cm-content')).toBeVisible();
  await editorOf(page).click();
  await page.keyboard.type('demo_http_requests_t');
  await expect(page.getByRole('option', { name: /^demo_http_requests_total/ })).toBeVisible();
});

test('the status pages show this server', async ({ page, demo, shoot }) => {
  const pages: [address: string, text: RegExp][] = [
    ['/status', /Storage retention/],
    ['/tsdb-status', /Series by metric name/],
    ['/service-discovery', /Discovered labels/],
    ['/flags', /--storage\.tsdb\.path/],
    ['/config', /scrape_configs:/],
  ];
  for (const [address, text] of pages) {
    await open(page, demo, address);
    await expect(page.getByText(text).first()).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await shoot(`server${address.replace('/', '-')}`);
  }
});

test('the theme is chosen, kept and applied before anything is drawn', async ({ page, demo, shoot }) => {
  await awaitTargetsUp(page, demo);
  const expression = encodeURIComponent('sum by (code) (rate(demo_http_requests_total[30s]))');
  await open(page, demo, `/query?g0.expr=${expression}&g0.tab=0&g0.range_input=5m`);
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
  for (const [title, want] of [
    ['Dark', 'dark'],
    ['Light', 'light'],
  ]) {
    await page.getByRole('button', { name: 'Appearance and time zone' }).click();
    await page.getByRole('menuitemradio', { name: title ?? '' }).click();
    await expect.poll(scheme).toBe(want);
    await expect(page.getByRole('menuitemradio').first()).toBeHidden();
    await shoot(`server-graph-${want}`);
    await page.reload();
    expect(await scheme()).toBe(want);
  }
});

test('nothing is cut off at 390 pixels', async ({ page, demo, shoot }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const addresses = ['/query?g0.expr=up&g0.tab=0&g0.range_input=5m', '/query?g0.expr=up', '/targets', '/tsdb-status'];
  for (const [index, address] of addresses.entries()) {
    await open(page, demo, address);
    await expect(page.locator('main output, main canvas, main li').first()).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${address} is wider than the window`).toBeLessThanOrEqual(0);
    await shoot(`server-narrow-${index + 1}`);
  }
  await page.getByRole('button', { name: 'Open the list of pages' }).click();
  await page.getByRole('navigation', { name: 'All pages' }).getByText('Configuration').click();
  await expect(page.getByRole('heading', { name: 'Configuration' })).toBeVisible();
});

test('the pages work below a prefix', async ({ page, demo }) => {
  const server = await demo.startServerBelow('/monitoring/prom');
  try {
    await page.goto(`${server.url}/graph?g0.expr=${encodeURIComponent('up{job="self"}')}&g0.tab=1`);
    await expect(page).toHaveURL(/\/monitoring\/prom\/query\?/);
    await expect(page.getByRole('button', { name: 'Execute' })).toBeVisible();
    await page.getByRole('link', { name: 'Targets' }).click();
    await expect(page).toHaveURL(/\/monitoring\/prom\/targets$/);
    await expect(page.locator('[data-testid="target"][data-health="up"]')).toHaveCount(1);
    await page.goBack();
    await expect(page.getByTestId('result-table').locator('tbody td').last()).toHaveText('1');
  } finally {
    await server.stop();
  }
});
