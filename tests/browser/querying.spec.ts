// A person builds a query from parts, has it explained, narrows a dashboard with filters.
import { addVisualization, choose, editFirstPanel, expect, openBuilt, panelJson, save, test, toolbar } from './editor_page';
import type { Locator, Page } from '@playwright/test';

/** A query that is begun opens in the builder. */
async function newPanel(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/dashboard/new`);
  await toolbar(page, 'Add').click();
  await page.getByRole('menuitem', { name: 'Visualization' }).click();
  await expect(page.getByRole('radio', { name: 'Builder' })).toBeChecked();
  await expect(page.getByLabel('Metric', { exact: true })).toBeVisible();
}

async function newCodePanel(page: Page, url: string): Promise<void> {
  await newPanel(page, url);
  await page.getByRole('radio', { name: 'Code' }).check();
  await expect(page.locator('.promql-field .cm-content')).toBeVisible();
}

const builderText = (page: Page): Locator => page.getByLabel('Query as text');

test('a query is built from parts, and is the same as text', async ({ page, standIn }) => {
  await newPanel(page, standIn.url);
  await choose(page.getByLabel('Metric', { exact: true }), 'demo_requests', 'demo_requests_total');
  await expect(builderText(page)).toHaveText('demo_requests_total');
  await page.getByRole('button', { name: 'A counter only grows: show its rate' }).click();
  await expect(builderText(page)).toHaveText('rate(demo_requests_total[$__rate_interval])');

  await page.getByRole('button', { name: 'Add filter' }).click();
  await choose(page.getByLabel('Label', { exact: true }), 'job');
  await choose(page.getByLabel('Value of job'), 'exp', 'exposer');
  await expect(builderText(page)).toHaveText('rate(demo_requests_total{job="exposer"}[$__rate_interval])');

  await choose(page.getByLabel('Add operation'), 'sum', /^sum$/);
  await choose(page.getByLabel('Grouping of sum'), 'by', 'by');
  await choose(page.getByLabel('Labels of sum'), 'method');
  await page.keyboard.press('Escape');
  await choose(page.getByLabel('Add operation'), 'another', 'Calculate with another query');
  await choose(page.getByLabel('Metric', { exact: true }).last(), 'up', 'up');
  const built = 'sum by (method) (rate(demo_requests_total{job="exposer"}[$__rate_interval])) / up';
  await expect(builderText(page)).toHaveText(built);
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();

  await page.getByRole('button', { name: 'Apply sum earlier' }).click();
  await expect(builderText(page)).toHaveText('rate(sum by (method) (demo_requests_total{job="exposer"})[$__rate_interval:]) / up');
  await page.getByRole('button', { name: 'Apply sum later' }).click();
  await expect(builderText(page)).toHaveText(built);
  await page.getByRole('button', { name: 'Remove query', exact: true }).last().click();

  await page.getByRole('radio', { name: 'Code' }).check();
  await expect(page.locator('.promql-field .cm-content')).toHaveText('sum by (method) (rate(demo_requests_total{job="exposer"}[$__rate_interval]))');
});

test('the editor of a query is kept with it', async ({ page, standIn }) => {
  await newCodePanel(page, standIn.url);
  await page.locator('.promql-field .cm-content').fill('sum(up)');
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'Builder' }).check();
  await expect(builderText(page)).toHaveText('sum(up)');
  await page.getByRole('tab', { name: 'JSON' }).click();
  await expect(page.getByLabel('JSON of the panel')).toHaveValue(/"editorMode": "builder"/);
});

test('what the builder cannot hold stays text', async ({ page, standIn }) => {
  await newCodePanel(page, standIn.url);
  await page.locator('.promql-field .cm-content').fill('sum(up) offset 5m');
  await page.getByRole('radio', { name: 'Builder' }).check();
  await expect(page.getByText('The builder has no place for offset 5m behind an operation.')).toBeVisible();
  await page.getByRole('radio', { name: 'Code' }).check();
  await expect(page.locator('.promql-field .cm-content')).toHaveText('sum(up) offset 5m');
});

test('a query is explained step by step, with results', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboard/new`);
  await addVisualization(page, 'topk(2, sum by (method) (rate(demo_requests_total[5m])))', 'Explained');
  await page.getByRole('button', { name: 'Explain' }).click();
  const steps = page.getByRole('list', { name: 'Steps of the query' }).getByRole('listitem');
  await expect(steps).toHaveCount(5);
  await expect(steps.nth(0)).toContainText('Selects the series of demo_requests_total');
  await expect(steps.nth(1)).toContainText('Samples');
  await expect(steps.nth(2)).toContainText('Growth per second of each counter over the last 5m');
  await expect(steps.nth(3)).toContainText('4 series');
  await expect(steps.nth(3)).toContainText('method="GET"');
  await expect(steps.nth(4)).toContainText('Keeps the 2 largest of all series.');
});

const FILTERED = {
  title: 'Filtered',
  schemaVersion: 41,
  templating: {
    list: [
      { name: 'Filters', type: 'adhoc', datasource: { type: 'prometheus', uid: 'prometheus' }, filters: [] },
      { name: 'Apart', type: 'groupby', datasource: { type: 'prometheus', uid: 'prometheus' }, current: { value: [], text: [] } },
      {
        name: 'Keyed',
        type: 'adhoc',
        datasource: { type: 'prometheus', uid: 'prometheus' },
        filters: [],
        defaultKeys: [{ text: 'Way of asking', value: 'method' }],
        baseFilters: [{ key: 'job', operator: '=|', value: 'exposer', values: ['exposer', 'other'] }],
        allowCustomValue: false,
      },
    ],
  },
  panels: [{ id: 1, type: 'timeseries', title: 'Requests', gridPos: { x: 0, y: 0, w: 24, h: 10 }, datasource: { type: 'prometheus', uid: 'prometheus' }, targets: [{ refId: 'A', expr: 'sum(rate(demo_requests_total[$__rate_interval]))' }] }],
};

test('filters narrow every query, and go into the address', async ({ page, standIn }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/ds/query')) asked.push(...[...(request.postData() ?? '').matchAll(/"expr":"((?:[^"\\]|\\.)*)"/g)].map(([, expr = '']) => expr.replaceAll('\\"', '"')));
  });
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify(FILTERED));
  await page.getByRole('button', { name: 'Import Filtered' }).click();
  await expect.poll(() => asked.at(-1)).toBe('sum(rate(demo_requests_total[$__rate_interval]))');

  await page.getByRole('button', { name: 'Add filter to Filters' }).click();
  await choose(page.getByLabel('Label', { exact: true }), 'job');
  await choose(page.getByLabel('Value of job'), 'exp', 'exposer');
  await expect(page).toHaveURL(/var-Filters=job%7C%3D%7Cexposer/);
  await expect.poll(() => asked.at(-1)).toBe('sum(rate(demo_requests_total{job="exposer"}[$__rate_interval]))');

  await choose(page.getByLabel('Apart'), 'method');
  await expect(page).toHaveURL(/var-Apart=method/);
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (rate(demo_requests_total{job="exposer"}[$__rate_interval]))');

  // Whoever gets the address sees the same.
  await page.reload();
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (rate(demo_requests_total{job="exposer"}[$__rate_interval]))');
  await page.getByRole('button', { name: 'Remove filter job' }).click();
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (rate(demo_requests_total[$__rate_interval]))');

  // VAR-8: keys of the dashboard's own, values narrowed by filters that nobody sees, nothing typed that is not there.
  await page.getByRole('button', { name: 'Add filter to Keyed' }).click();
  await page.getByLabel('Label', { exact: true }).click();
  await expect(page.getByRole('option')).toHaveText(['Way of asking']);
  await page.getByRole('option').click();
  const offered = page.waitForRequest((request) => request.url().includes('/label/method/values') && new URL(request.url()).searchParams.get('match[]') === '{job=~"exposer|other"}');
  const value = page.getByLabel('Value of method');
  await value.click();
  await offered;
  await value.fill('nosuch');
  await expect(page.getByRole('option')).toHaveCount(0);
  await value.fill('');
  await page.getByRole('option', { name: 'GET' }).click();
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (rate(demo_requests_total{method="GET"}[$__rate_interval]))');
});

test('an order of numbers is a choice of the values within it, and a cell of a table is a filter', async ({ page, standIn }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/ds/query')) asked.push(...[...(request.postData() ?? '').matchAll(/"expr":"((?:[^"\\]|\\.)*)"/g)].map(([, expr = '']) => expr.replaceAll('\\"', '"')));
  });
  const [template] = FILTERED.panels;
  const table = { ...template, type: 'table', title: 'By method', fieldConfig: { defaults: { custom: { filterable: true } }, overrides: [] }, targets: [{ refId: 'A', expr: 'sum by (method) (demo_requests_total)', format: 'table', instant: true }] };
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify({ ...FILTERED, title: 'Cells', panels: [table] }));
  await page.getByRole('button', { name: 'Import Cells' }).click();
  const cell = page.getByRole('gridcell', { name: 'POST' });
  await cell.hover();
  await cell.getByRole('button', { name: 'Filter for value' }).click();
  await expect(page).toHaveURL(/var-Filters=method%7C%3D%7CPOST/);
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (demo_requests_total{method="POST"})');
  await page.getByRole('button', { name: 'Remove filter method' }).click();
  const other = page.getByRole('gridcell', { name: 'PUT' });
  await other.hover();
  await other.getByRole('button', { name: 'Filter out value' }).click();
  await expect(page).toHaveURL(/var-Filters=method%7C%21%3D%7CPUT/);
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (demo_requests_total{method!="PUT"})');

  await page.goto(`${page.url().split('?')[0] ?? ''}?var-Filters=${encodeURIComponent('code|>|404')}`);
  await expect.poll(() => asked.at(-1)).toBe('sum by (method) (demo_requests_total{code=~"500"})');
  await expect(page.getByRole('button', { name: 'Remove filter code' })).toBeVisible();
});

test('a crowd of series is summed up, a recording rule is written out', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboard/new`);
  await addVisualization(page, 'load_series{count="50"}', 'Crowded');
  const hints = page.getByRole('group', { name: 'Hints for query A' });
  await hints.getByRole('button', { name: '50 series: sum them up' }).click();
  const code = page.locator('.promql-field .cm-content');
  await expect(code).toHaveText('sum(load_series{count="50"})');
  await expect(hints).toHaveCount(0);
  await code.fill('job:demo_requests:rate1m{job="exposer"}');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await hints.getByRole('button', { name: /recording rule/ }).click();
  await expect(code).toHaveText('sum by (job) (rate(demo_requests_total{job="exposer"}[1m]))');
});

test('series are compared to those of a day ago', async ({ page, standIn }) => {
  const ranges: Array<[number, number]> = [];
  page.on('request', (request) => {
    if (!request.url().includes('/api/ds/query')) return;
    const { from, to } = request.postDataJSON() as { from: string; to: string };
    ranges.push([Number(from), Number(to)]);
  });
  await page.goto(`${standIn.url}/dashboard/new`);
  await addVisualization(page, 'up', 'Compared');
  const preview = page.locator('.panel-editor-preview');
  await choose(page.getByLabel('Compare to'), 'day', 'A day ago');
  await expect(preview.getByText('(comparison)').first()).toBeVisible();
  const [now, then] = [ranges.at(-1), ranges.at(-2)].toSorted((a, b) => (b?.[1] ?? 0) - (a?.[1] ?? 0));
  expect((now?.[1] ?? 0) - (then?.[1] ?? 0)).toBe(86_400_000);
  await preview.screenshot({ path: `${String(test.info().config.metadata['screens'])}/compared.png` });
});

test('a panel without queries has a place for the first one', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify({ title: 'Bare', schemaVersion: 41, panels: [{ id: 1, type: 'timeseries', title: 'Bare', gridPos: { x: 0, y: 0, w: 12, h: 8 } }] }));
  await page.getByRole('button', { name: 'Import Bare' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.locator('[data-panel-id="1"]').hover();
  await page.keyboard.press('e');
  await expect(page.getByRole('listitem', { name: 'Query A' })).toBeVisible();
  // It is none of the panel's yet.
  await expect(toolbar(page, 'Discard')).toHaveCount(0);
  await page.getByRole('radio', { name: 'Code' }).check();
  await page.locator('.promql-field .cm-content').fill('up');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
});

test('a dashboard of a job is made on the spot, changed and saved', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/`);
  await page.getByRole('navigation', { name: 'First steps' }).getByRole('link', { name: /Generate/ }).click();
  await expect(page.getByRole('list', { name: 'Jobs' }).getByRole('listitem')).toHaveText([/exposer.*1 of 1 target up, scraped every 2s/, /grafana.*0 of 1 target up/, /prometheus/]);
  await page.getByRole('button', { name: 'Make a dashboard of exposer' }).click();
  await expect(page.getByRole('heading', { name: 'exposer metrics' })).toBeAttached();
  const panels = page.locator('[data-panel-id]');
  for (const title of ['Targets up', 'Scrape duration', 'Demo requests, per second', 'Demo temperature']) {
    await expect(page.getByText(title, { exact: true })).toBeAttached();
  }
  await expect(panels.first()).toHaveAttribute('data-panel-state', 'done');
  await save(page, 'Made of the exposer');
  await expect(page).toHaveURL(/\/d\/made-\d+/);
  await page.reload();
  await expect(panels.first()).toHaveAttribute('data-panel-state', 'done');
});

test('a variable is no mistake, a missing bracket is', async ({ page, standIn }) => {
  await newCodePanel(page, standIn.url);
  const mistake = page.locator('.promql-field').locator('.cm-lintRange-error, .cm-lintPoint-error');
  const code = page.locator('.promql-field .cm-content');
  await code.fill('sum(rate(demo_requests_total{job="$job"}[$__rate_interval])');
  await expect(mistake).toHaveCount(1);
  await code.fill('sum(rate(demo_requests_total{job="$job"}[$__rate_interval]))');
  await expect(mistake).toHaveCount(0);
});

test('Explore finds a metric by what it means, tells its labels, and remembers what was asked', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/explore`);
  await page.getByRole('button', { name: 'Metrics browser' }).click();
  const browser = page.getByRole('region', { name: 'Metrics browser' });
  await browser.getByRole('radio', { name: 'By series' }).check();
  await expect(browser.getByRole('listitem').first()).toContainText('50 series');
  await browser.getByLabel('Search metrics').fill('answered target');
  await expect(browser.getByRole('listitem')).toHaveCount(1);
  await browser.getByRole('button', { name: 'Labels of up' }).click();
  await expect(browser.getByRole('row', { name: 'job 3 exposer, prometheus, grafana' })).toBeVisible();
  await browser.getByLabel('Search metrics').fill('requests answered');
  await browser.getByRole('button', { name: 'demo_requests_total', exact: true }).click();
  await expect(page).toHaveURL(/rate%28demo_requests_total/);
  await expect(page.locator('[data-panel-type="timeseries"]')).toHaveAttribute('data-panel-state', 'done');
  await expect(page.locator('[data-panel-type="table"]')).toHaveAttribute('data-panel-state', 'done');

  await page.locator('.promql-field .cm-content').fill('up');
  await page.getByRole('button', { name: 'Run', exact: true }).last().click();
  await expect(page).toHaveURL(/%22expr%22%3A%22up%22/);
  await page.goto(`${standIn.url}/explore`);
  await page.getByRole('button', { name: 'Query history' }).click();
  const history = page.getByRole('region', { name: 'Query history' });
  await history.getByLabel('Search the history').fill('up');
  await history.getByRole('button', { name: 'Star up' }).click();
  await history.getByRole('radio', { name: 'Starred' }).check();
  await expect(history.getByRole('listitem')).toHaveCount(1);
  await history.getByRole('button', { name: 'up', exact: true }).click();
  await expect(page).toHaveURL(/%22expr%22%3A%22up%22/);
});

test('what Explore shows is put on a dashboard that is there (UI-10)', async ({ page, standIn }) => {
  await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: { title: 'Taker', panels: [{ id: 4, type: 'text', title: 'Words', gridPos: { x: 0, y: 0, w: 24, h: 4 }, options: { content: 'x' } }] } } });
  const panes = JSON.stringify({ a: { datasource: 'prometheus', queries: [{ refId: 'A', expr: 'up' }], range: { from: 'now-1h', to: 'now' } } });
  await page.goto(`${standIn.url}/explore?schemaVersion=1&panes=${encodeURIComponent(panes)}`);
  await page.getByRole('button', { name: 'Add to existing' }).click();
  await page.getByRole('combobox', { name: 'Dashboard' }).fill('Taker');
  await page.getByRole('option', { name: 'Taker' }).click();
  await page.getByRole('button', { name: 'Open the dashboard' }).click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(2);
  await expect(page.getByRole('heading', { name: 'From Explore' })).toBeVisible();
  await expect(page.locator('.controls').getByRole('button', { name: 'Discard' })).toBeVisible();
});

test('queries go to a source each, get names and places', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Queries');
  await editFirstPanel(page);
  await choose(page.getByRole('combobox', { name: 'Data source', exact: true }), 'Mixed', /Mixed/);
  const first = page.getByRole('listitem', { name: 'Query A' });
  await expect(first.getByRole('combobox', { name: 'Data source of query A' })).toHaveValue('Prometheus');

  await page.getByRole('button', { name: 'Add expression' }).click();
  await first.getByRole('button', { name: 'Rename query A' }).click();
  await first.getByRole('textbox', { name: 'Name of the query' }).fill('rates');
  await first.getByRole('textbox', { name: 'Name of the query' }).press('Enter');
  const rates = page.getByRole('listitem', { name: 'Query rates' });
  await rates.getByRole('button', { name: 'Move query rates down' }).click();
  expect(await panelJson(page)).toMatchObject({ datasource: { uid: '-- Mixed --' }, targets: [{ refId: 'B', expression: '$rates' }, { refId: 'rates', datasource: { uid: 'prometheus' } }] });
});

test('a query starts from a pattern, gets a legend, is laid out and hinted at', async ({ page, standIn }) => {
  await newCodePanel(page, standIn.url);
  const rates = page.getByRole('listitem', { name: 'Query A' });
  const code = rates.locator('.promql-field .cm-content');
  await rates.getByRole('button', { name: 'Kick start' }).click();
  await choose(rates.getByRole('combobox', { name: 'Metric of the patterns' }), 'demo_requests_total');
  await rates.getByRole('button', { name: 'Use Rate by instance' }).click();
  await choose(rates.getByRole('combobox', { name: 'Legend', exact: true }), 'Custom');
  await rates.getByRole('textbox', { name: 'Legend format' }).fill('on {{instance}}');
  await rates.getByRole('textbox', { name: 'Legend format' }).press('Enter');
  expect(await panelJson(page)).toMatchObject({ targets: [{ expr: 'sum by (instance) (rate(demo_requests_total[$__rate_interval]))', legendFormat: 'on {{instance}}' }] });

  await code.fill('demo_requests_total  + demo_requests_total');
  await rates.getByRole('button', { name: 'Format' }).click();
  await expect(code).toHaveText('demo_requests_total + demo_requests_total');
  await code.fill('demo_requests_total');
  await rates.getByRole('button', { name: 'Run', exact: true }).click();
  await rates.getByRole('button', { name: 'A counter only grows: show its rate' }).click();
  await expect(code).toHaveText('rate(demo_requests_total[$__rate_interval])');
});
