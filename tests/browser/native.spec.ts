// A native histogram from its scrape to its drawing, over the real program: the server's own query timings.
import { api, enter } from './person';
import { expect, test } from './watched_page';

const NAME = 'prometheus_engine_query_duration_histogram_seconds{slice="inner_eval"}';
const panel = (id: number, type: string, x: number, expr: string, more: object = {}, options: object = {}): object => ({
  id,
  type,
  title: `Panel ${id}`,
  gridPos: { x, y: id > 2 ? 12 : 0, w: 12, h: 12 },
  targets: [{ refId: 'A', expr, interval: '1s', ...more }],
  options,
});

const DASHBOARD = {
  uid: 'native',
  title: 'Native',
  schemaVersion: 42,
  time: { from: 'now-1m', to: 'now' },
  refresh: '1s',
  panels: [
    panel(1, 'heatmap', 0, `sum(rate(${NAME}[10s]))`, { format: 'heatmap' }, { yAxis: { unit: 's' } }),
    panel(2, 'timeseries', 12, `histogram_quantile(0.9, sum(rate(${NAME}[10s])))`),
    panel(3, 'stat', 0, `histogram_count(sum(${NAME}))`, { instant: true }),
  ],
};

test('a native histogram is scraped, and drawn as a heatmap', async ({ page, demo, watch, shoot }) => {
  const url = demo.url('dashboards');
  watch.tolerate(401, url);
  await api(url, 'POST', '/api/dashboards/db', { dashboard: DASHBOARD, overwrite: true });
  await page.goto(`${url}/d/native`);
  await enter(page);
  for (const id of [1, 2, 3]) await expect(page.locator(`[data-panel-id="${id}"]`)).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
  await expect(page.locator('[data-panel-id="3"]')).toContainText(/[1-9]/);
  const plot = page.locator('[data-panel-id="1"] .u-over');
  await expect(plot).toBeVisible();
  // Somewhere among the newest columns is a cell, with its bounds in the field's unit.
  const box = await plot.boundingBox();
  const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
  await expect(async () => {
    for (let row = 1; row < 40; row += 1) {
      await page.mouse.move(x + width - 8, y + (height * row) / 40);
      if (await page.getByText('Bucket', { exact: true }).isVisible()) return;
    }
    throw new Error('no cell');
  }).toPass({ timeout: 30_000 });
  await expect(page.getByText(/^[\d.]+ [µm]?s - [\d.]+ [µm]?s$/).first()).toBeVisible();
  await shoot('native-histogram');
});
