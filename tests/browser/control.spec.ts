// A person turns the knobs of the exposer, and sees it in the metrics, in the server's graph and in the dashboard.
import type { APIRequestContext, Page } from '@playwright/test';

import { PASSWORD, USER, type Demo } from './demo';
import { expect, test } from './watched_page';

// For what comes with the next scrapes, which are a second apart: a busy machine takes its time.
const SCRAPED = { timeout: 20_000, intervals: [100] };

const exposition = (page: Page) => page.locator('#exposition');

async function openControl(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.url('exposer') + '/control');
  await expect(page.getByRole('slider', { name: 'Traffic, times the usual' })).toBeVisible();
  await expect(exposition(page)).toContainText('demo_knob_level');
}

async function ask(request: APIRequestContext, demo: Demo, expression: string) {
  const address = `${demo.url('server')}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const answer = await (await request.get(address)).json();
  return answer.data.result[0];
}

// The newest value that the server has of `expression`.
async function stored(request: APIRequestContext, demo: Demo, expression: string): Promise<number> {
  return Number((await ask(request, demo, expression))?.value[1]);
}

async function follow(page: Page, title: string): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: title, exact: true }).click();
  return opened;
}

test.beforeEach(async ({ page, demo }) => {
  await openControl(page, demo);
});

test.afterEach(async ({ request, demo }) => {
  await request.post(demo.url('exposer') + '/control/reset');
});

test('a knob is seen in the text beside it, and in the server within two scrapes', async ({ page, demo, request }) => {
  await expect.poll(() => stored(request, demo, 'demo_knob_level'), SCRAPED).toBe(0);
  const turned = page.waitForResponse((response) => response.url().endsWith('/control/knobs'));
  await page.getByRole('spinbutton', { name: 'Level, exactly' }).fill('123');
  await turned;
  const turnedAt = Date.now() / 1000;
  await expect.poll(() => stored(request, demo, 'demo_knob_level'), SCRAPED).toBe(123);
  const samples: [number, string][] = (await ask(request, demo, 'demo_knob_level[1m]')).values;
  const old = samples.filter(([time, value]) => time > turnedAt && value !== '123');
  expect(old.length).toBeLessThanOrEqual(1);
  await expect(exposition(page)).toContainText('demo_knob_level 123');
});

test('the query of a knob opens in the graph and shows what was turned', async ({ page, demo, request }) => {
  await page.getByRole('spinbutton', { name: 'Level, exactly' }).fill('321');
  await expect.poll(() => stored(request, demo, 'demo_knob_level'), SCRAPED).toBe(321);
  const graph = await follow(page, 'The gauge');
  await expect(graph).toHaveURL(new RegExp(`^${demo.url('server')}/query\\?.*demo_knob_level`));
  const chart = graph.getByTestId('chart');
  // The last step of the graph may lie before the turn; then the same query is asked once more.
  await expect(async () => {
    await graph.reload();
    await expect(chart.locator('canvas')).toBeVisible();
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart has no place');
    // The right edge is now.
    await graph.mouse.move(box.x + box.width - 16, box.y + box.height / 2);
    await expect(chart).toContainText('321', { timeout: 1_000 });
  }).toPass(SCRAPED);
});

test('traffic and latency show in the Test Dashboard', async ({ page, demo }) => {
  const dashboard = await follow(page, 'Test Dashboard');
  await dashboard.getByTestId('data-testid Username input field').fill(USER);
  await dashboard.getByTestId('data-testid Password input field').fill(PASSWORD);
  await dashboard.getByTestId('data-testid Login button').click();
  await expect(dashboard).toHaveURL(new RegExp(`^${demo.url('dashboards')}/d/test-dashboard/`));
  const panel = dashboard.locator('[data-panel-id="9"]');
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toHaveAttribute('data-panel-state', 'done');
  await expect(panel).toContainText('Requests in progress');
  const inProgress = async () => Number(/\d+/.exec(await panel.innerText())?.[0]);
  // The number comes a moment after its panel.
  await expect.poll(inProgress, SCRAPED).toBeGreaterThanOrEqual(0);
  const before = await inProgress();

  for (const name of ['Traffic, times the usual, exactly', 'Shift, times the usual, exactly']) {
    await page.getByRole('spinbutton', { name }).fill('5');
  }
  await expect.poll(inProgress, SCRAPED).toBeGreaterThan(before + 25);
});

test('counters count, and a restart begins at 0', async ({ page }) => {
  const counter = page.getByLabel('The counter', { exact: true });
  await page.getByRole('button', { name: '+10', exact: true }).click();
  await page.getByRole('button', { name: '+1', exact: true }).click();
  await expect(counter).toHaveText('11');
  await expect(exposition(page)).toContainText('demo_knob_increments_total 11');
  await page.getByRole('button', { name: 'Restart the service' }).click();
  await expect(counter).toHaveText('0');
});

test('everything works from the keyboard', async ({ page }) => {
  const traffic = page.getByRole('slider', { name: 'Traffic, times the usual' });
  await traffic.focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('spinbutton', { name: 'Traffic, times the usual, exactly' })).toHaveValue('5');

  await page.getByRole('radio', { name: 'normal' }).first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'bimodal' })).toBeChecked();

  await page.getByRole('slider', { name: /^One period of the wave/ }).focus();
  for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
  await expect(page.getByRole('slider', { name: /^One period/ })).toHaveAttribute('aria-valuetext', 'column 2 of 32: 0.49');
  await expect(page.getByRole('radio', { name: 'drawn' })).toBeChecked();
});

test('the pad shows the form in force', async ({ page }) => {
  const pad = page.getByRole('slider', { name: /^One period of the wave/ });
  const tops = () => pad.locator('rect').evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('y'))));
  const forms = [
    // The value of the first column, and which of them is the highest; of the sine two are.
    { name: 'sawtooth', first: -0.97, highest: 31 },
    { name: 'square', first: 1, highest: 0 },
    { name: 'sine', first: 0.1, highest: 7 },
  ];
  for (const { name, first, highest } of forms) {
    await page.getByRole('radio', { name, exact: true }).check();
    await expect(pad).toHaveAttribute('aria-valuetext', `column 1 of 32: ${first.toFixed(2)}`);
    const shown = await tops();
    expect(Math.abs(shown.indexOf(Math.min(...shown)) - highest)).toBeLessThanOrEqual(name === 'sine' ? 1 : 0);
  }
});

test('a value out of bounds is marked and not sent', async ({ page }) => {
  const field = page.getByRole('spinbutton', { name: 'Traffic, times the usual, exactly' });
  await field.fill('99');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: '+1', exact: true }).click();
  await expect(page.getByRole('slider', { name: 'Traffic, times the usual' })).toHaveValue('1');
});

test('a story plays with its progress and stops', async ({ page }) => {
  const story = page.getByRole('button', { name: /^Deploy gone wrong/ });
  await story.click();
  await expect(story).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('status')).toContainText('All is well');
  await expect(page.getByText(/^Deploy gone wrong: 0:0[2-9] of 4:00$/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop the story' }).click();
  await expect(page.getByRole('progressbar')).toBeHidden();
});

test('is drawn in both themes and fits narrow windows', async ({ page, shoot }) => {
  const grounds = new Set<string>();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    grounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    for (const width of [390, 1100, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `wider than ${width} pixels`).toBeLessThanOrEqual(0);
      await shoot(`control-${colorScheme}-${width}`);
    }
  }
  expect(grounds.size).toBe(2);
});
