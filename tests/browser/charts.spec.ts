// What a pointer does on charts: points told, spans of time and of values zoomed into, boxes pinned. Over the stand-in.
import type { Locator, Page } from '@playwright/test';

import { signInTo, type StandIn } from './stand_in';
import { expect, standInTest as test } from './stand_in_test';

const MINUTE_MS = 60_000;

async function open(page: Page, standIn: StandIn, panel: object): Promise<Locator> {
  await signInTo(standIn, page.context());
  const whole = { id: 1, title: 'Looked at', gridPos: { x: 0, y: 0, w: 24, h: 16 }, datasource: { type: 'grafana-testdata-datasource', uid: 'testdata' }, ...panel };
  const answer = await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: { title: 'Charts by pointer', panels: [whole] }, overwrite: true } });
  const { url } = (await answer.json()) as { url: string };
  await page.goto(`${standIn.url}${url}?from=now-1h&to=now`);
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(1);
  const over = page.locator('.u-over');
  await expect(over).toBeVisible();
  return over;
}

const csv = (csvContent: string) => [{ refId: 'A', scenarioId: 'csv_content', csvContent }];

/** A place of the plot by its shares of width and height. */
async function placeOf(over: Locator, across: number, down: number): Promise<[x: number, y: number]> {
  const box = await over.boundingBox();
  if (!box) throw new Error('the plot is not shown');
  return [box.x + box.width * across, box.y + box.height * down];
}

async function point(page: Page, over: Locator, across: number, down: number): Promise<void> {
  const [x, y] = await placeOf(over, across, down);
  await page.mouse.move(x - 2, y);
  await page.mouse.move(x, y);
}

async function drag(page: Page, over: Locator, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...(await placeOf(over, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await placeOf(over, (from[0] + to[0]) / 2, (from[1] + to[1]) / 2)));
  await page.mouse.move(...(await placeOf(over, ...to)));
  await page.mouse.up();
}

const box = (page: Page): Locator => page.locator('#grafana-portal-container', { hasText: /\S/ });

test('XY chart: a point is told, what is dragged over fills the chart until a double click', async ({ page, standIn }) => {
  const over = await open(page, standIn, {
    type: 'xychart',
    targets: csv('heat,flow,host\n0,0,low\n20,20,near\n100,100,far'),
    options: { mapping: 'auto', series: [{}], legend: { showLegend: false }, tooltip: { mode: 'single' } },
    fieldConfig: { defaults: { min: 0, max: 100, custom: { pointSize: { fixed: 30 } } }, overrides: [] },
  });
  await point(page, over, 0.2, 0.8);
  await expect(box(page)).toContainText('near');
  await point(page, over, 0.5, 0.5);
  await expect(box(page)).toHaveCount(0);
  await drag(page, over, [0.1, 0.7], [0.3, 0.9]);
  await point(page, over, 0.5, 0.5);
  await expect(box(page)).toContainText('near');
  const [x, y] = await placeOf(over, 0.9, 0.5);
  await page.mouse.dblclick(x, y);
  await point(page, over, 0.5, 0.5);
  await expect(box(page)).toHaveCount(0);
  await point(page, over, 0.2, 0.8);
  await expect(box(page)).toContainText('near');
});

const span = (page: Page): number => {
  const { searchParams } = new URL(page.url());
  return Number(searchParams.get('to')) - Number(searchParams.get('from'));
};

test('candlesticks: prices are told by their names, a drag zooms the time of the dashboard', async ({ page, standIn }) => {
  const start = Date.now() - 50 * MINUTE_MS;
  const rows = Array.from({ length: 40 }, (_, index) => `${start + index * MINUTE_MS},${10 + index},${14 + index},${9 + index},${12 + index},${100 + index}`);
  const over = await open(page, standIn, { type: 'candlestick', targets: csv(`time,open,high,low,close,volume\n${rows.join('\n')}`), options: { tooltip: { mode: 'multi' } } });
  await point(page, over, 0.5, 0.5);
  for (const name of ['open', 'high', 'low', 'close', 'volume']) await expect(box(page)).toContainText(name);
  await drag(page, over, [0.3, 0.5], [0.6, 0.5]);
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  expect(span(page)).toBeGreaterThan(10 * MINUTE_MS);
  expect(span(page)).toBeLessThan(30 * MINUTE_MS);
});

test('time series: running down, a drag along the time zooms into it', async ({ page, standIn }) => {
  const over = await open(page, standIn, { type: 'timeseries', targets: [{ refId: 'A', scenarioId: 'random_walk' }], options: { orientation: 'vertical', tooltip: { mode: 'multi' } } });
  await point(page, over, 0.5, 0.5);
  await expect(box(page)).toContainText('A-series');
  await drag(page, over, [0.5, 0.25], [0.5, 0.75]);
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  expect(span(page)).toBeGreaterThan(25 * MINUTE_MS);
  expect(span(page)).toBeLessThan(35 * MINUTE_MS);
});

test('heatmap: the rows of a time and their spread are told, and stay when pinned', async ({ page, standIn }) => {
  const over = await open(page, standIn, {
    type: 'heatmap',
    targets: [{ refId: 'A', scenarioId: 'random_walk', seriesCount: 10 }],
    options: { calculate: true, calculation: { yBuckets: { scale: { type: 'log', log: 2 } } }, tooltip: { mode: 'multi', yHistogram: true, showColorScale: true }, legend: { show: false } },
  });
  await point(page, over, 0.5, 0.5);
  await expect(box(page)).toContainText(/\d+ - \d+/);
  await expect(page.getByRole('img', { name: /^Spread over \d+ buckets$/ })).toBeVisible();
  await page.mouse.click(...(await placeOf(over, 0.5, 0.5)));
  await expect(page.getByRole('button', { name: 'Close' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Close' })).toHaveCount(0);
});
