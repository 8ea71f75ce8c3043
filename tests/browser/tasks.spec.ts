// Tasks of a person, from beginning to end.
import fs from 'node:fs';
import path from 'node:path';

import type { Page } from '@playwright/test';

import { addVisualization, expect, save, test, toolbar } from './editor_page';

const NODE_EXPORTER = path.join(process.env.NARTHEX_CONFORMANCE ?? path.resolve(__dirname, '../../../shared/conformance'), 'dashboards/rfmoz--node-exporter-full.json');

async function fill(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(text);
  await field.press('Enter');
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

test('a dashboard from nothing, with two variables and a panel repeated by one', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboard/new`);
  await toolbar(page, 'Settings').click();
  await fill(page, 'Title', 'By method');
  await page.getByRole('tab', { name: 'Variables' }).click();
  await page.getByRole('button', { name: 'Add variable' }).click();
  await fill(page, 'Name', 'method');
  await choose(page, 'Type', 'Custom');
  // Its hint is part of its name.
  const values = page.getByRole('textbox', { name: /^Values, separated by commas/ });
  await values.fill('GET,POST,PUT');
  await values.press('Enter');
  await page.getByRole('switch', { name: 'Several values' }).check({ force: true });
  await page.getByRole('switch', { name: 'All as a choice' }).check({ force: true });
  await page.getByRole('button', { name: '$method' }).click();
  await page.getByRole('button', { name: 'Add variable' }).click();
  await fill(page, 'Name', 'job');
  await page.getByRole('textbox', { name: 'Query' }).fill('label_values(up, job)');
  await page.getByRole('textbox', { name: 'Query' }).press('Enter');
  await toolbar(page, 'Back').click();

  await addVisualization(page, 'rate(demo_requests_total{job="$job", method="$method"}[$__rate_interval])', 'Requests $method');
  await choose(page, 'Repeat by variable', 'method');
  await toolbar(page, 'Back').click();
  for (const method of ['GET', 'POST', 'PUT']) await expect(page.getByRole('heading', { name: `Requests ${method}` })).toBeVisible();
  await save(page, 'Two variables, one repeat');

  await page.reload();
  await expect(page.locator('[data-panel-id][data-panel-state="done"]')).toHaveCount(3);
  await page.goto(`${page.url().split('?')[0]}?var-method=POST&var-job=grafana`);
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Requests POST' })).toBeVisible();
});

test('Node Exporter Full is imported, and the busiest disk found', async ({ page, standIn }) => {
  test.skip(!fs.existsSync(NODE_EXPORTER) && process.env.CI !== 'true', 'the conformance corpus is not there');
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.locator('input[type="file"]').setInputFiles(NODE_EXPORTER);
  await page.getByRole('button', { name: /^Import Node Exporter Full/ }).click();
  await expect(page.locator('[data-panel-id][data-panel-state="done"]').first()).toBeVisible();
  await page.getByRole('button', { name: 'Storage Disk' }).click();
  const panel = page.locator('[data-panel-id]').filter({ hasText: 'Time Spent Doing I/Os' }).first();
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).toHaveAttribute('data-panel-state', 'done');
  await panel.hover();
  await panel.getByRole('button', { name: /^Menu for panel/ }).click();
  await page.getByRole('menuitem', { name: 'View' }).click();
  // The legend is a table: sorted by its largest values, the busiest comes first.
  const legend = page.locator('[data-panel-id] table');
  const maxima = () => legend.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Number.parseFloat(row.querySelector('td:last-of-type')?.textContent ?? '')));
  await expect(async () => {
    await legend.getByRole('columnheader', { name: 'Max' }).click();
    const shown = await maxima();
    expect(shown.length).toBeGreaterThan(1);
    expect(shown[0]).toBe(Math.max(...shown));
  }).toPass();
  await expect(legend.locator('tbody tr').first()).toContainText(/sd[ab]|eth0|nvme/);
});

const LATENCY = {
  title: 'Latency',
  schemaVersion: 41,
  panels: [
    {
      id: 1,
      type: 'timeseries',
      title: 'p99',
      gridPos: { x: 0, y: 0, w: 24, h: 10 },
      datasource: { type: 'prometheus', uid: 'prometheus' },
      targets: [{ refId: 'A', expr: 'histogram_quantile(0.99, sum by (le) (rate(demo_request_duration_seconds_bucket[$__rate_interval])))', exemplar: true }],
    },
  ],
};

test('a latency spike is followed from its panel to Explore to an exemplar', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify(LATENCY));
  await page.getByRole('button', { name: 'Import Latency' }).click();
  const panel = page.locator('[data-panel-id="1"]');
  await expect(panel).toHaveAttribute('data-panel-state', 'done');
  // Dragging over the spike narrows the range to it.
  const plot = await panel.locator('.u-over').boundingBox();
  if (!plot) throw new Error('the panel has no plot');
  await page.mouse.move(plot.x + plot.width * 0.6, plot.y + 40);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width - 4, plot.y + 40, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d+&to=\d+/);

  await panel.hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Explore' }).click();
  await expect(page).toHaveURL(/exemplar%22%3Atrue/);
  const graph = page.locator('[data-panel-type="timeseries"]');
  await expect(graph).toHaveAttribute('data-panel-state', 'done');
  const over = await graph.locator('.u-over').boundingBox();
  if (!over) throw new Error('Explore has no plot');
  // An exemplar above the scale is held at the top: along it one is met.
  const trace = page.getByText('trace-0');
  // They come after the lines: a way along the top before that meets none.
  await expect(async () => {
    for (let x = over.x + over.width - 4; x > over.x && !(await trace.isVisible()); x -= 6) await page.mouse.move(x, over.y + 4);
    await expect(trace).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 15_000 });
});

test('what one sees is handed on by its address', async ({ page, context, standIn }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${standIn.url}/d/states?from=now-3h&to=now&viewPanel=1`);
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('menuitem', { name: 'Share link' }).click();
  await page.getByText('Lock time range', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape');
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.locator('[data-panel-id]')).toHaveCount(1);
  await expect(other.getByTestId('data-testid TimePicker Open Button')).toContainText('Last 3 hours');

  await page.goto(`${standIn.url}/explore?panes=${encodeURIComponent(JSON.stringify({ a: { datasource: 'prometheus', queries: [{ refId: 'A', expr: 'up' }], range: { from: 'now-1h', to: 'now' } } }))}`);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('menuitem', { name: 'Copy link to these instants' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  await other.goto(await page.evaluate(() => navigator.clipboard.readText()));
  await expect(other).toHaveURL(/%22from%22%3A%22\d{13}%22/);
  await expect(other.locator('[data-panel-type="timeseries"]')).toHaveAttribute('data-panel-state', 'done');
});

/** Goes on with a key until what has that name has the focus; waits for it to be there, but presses no other key. */
async function goTo(page: Page, key: 'Tab' | 'ArrowDown', name: RegExp): Promise<void> {
  await page.waitForFunction(({ source }) => [...document.querySelectorAll('a, button, input, [tabindex], [contenteditable]')].some((element) => {
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
    return new RegExp(source).test(element.getAttribute('aria-label') ?? label ?? element.textContent ?? '');
  }), { source: name.source });
  for (let step = 0; step < 80; step += 1) {
    if (step > 0 || key === 'Tab') await page.keyboard.press(key);
    const named = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '';
    });
    if (name.test(named)) return;
  }
  throw new Error(`${key} does not reach ${name}`);
}

test('a panel is made, named and saved by keyboard alone', async ({ page, standIn }) => {
  await page.goto(standIn.url);
  await expect(page.getByRole('heading', { name: /Welcome/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  // What is typed before it is there is typed into nothing.
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('new dashboard');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/dashboard\/new/);
  await goTo(page, 'Tab', /^Add$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await goTo(page, 'ArrowDown', /^Visualization$/);
  await page.keyboard.press('Enter');
  // A query that is begun opens in the builder; an arrow changes to the next editor.
  await goTo(page, 'Tab', /^Builder$/);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.promql-field .cm-content')).toBeVisible();
  await goTo(page, 'Tab', /^Expression of query A$/);
  await page.keyboard.type('sum(rate(demo_requests_total[5m]');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
  await page.keyboard.press('Escape');
  await goTo(page, 'Tab', /^Title$/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('By keys');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'By keys' })).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('dialog')).toBeVisible();
  await goTo(page, 'Tab', /^Save$/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/d\/made-\d+/);
});
