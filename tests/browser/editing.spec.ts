// A person builds a dashboard, changes it, saves it, goes back to an earlier version, and explores.
import { buildDashboard, BUILT, choose, editFirstPanel, expect, openBuilt, panelJson, save, test, toolbar } from './editor_page';

test('a dashboard from nothing, with a variable and a copied panel', async ({ page, standIn }) => {
  await buildDashboard(page, standIn, 'Built by hand');
  const uid = new URL(page.url()).pathname.split('/')[2] ?? '';
  expect(await (await page.request.get(`${standIn.url}/api/dashboards/uid/${uid}`)).json()).toMatchObject({ dashboard: { ...BUILT, title: 'Built by hand', version: 1 } });
  await toolbar(page, 'Edit').click();

  await toolbar(page, 'Settings').click();
  await page.getByRole('tab', { name: 'Variables' }).click();
  await page.getByRole('button', { name: 'Add variable' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('job');
  await page.getByRole('textbox', { name: 'Query' }).fill('label_values(up, job)');
  await page.getByRole('textbox', { name: 'Query' }).press('Enter');
  await expect(page.getByRole('group', { name: 'Variables' }).getByText('job')).toBeVisible();
  await toolbar(page, 'Back').click();

  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(2);
  await toolbar(page, 'Undo').click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await toolbar(page, 'Redo').click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(2);

  await save(page, 'A variable and a copy');
  await page.reload();
  await expect(page.locator('[data-panel-id][data-panel-state="done"]')).toHaveCount(2);
  await expect(page.getByRole('group', { name: 'Variables' }).getByText('job')).toBeVisible();
});

test('a panel is moved and resized with the keyboard', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Moved');
  await toolbar(page, 'Edit').click();
  const panel = page.locator('.cell').first();
  const before = await panel.boundingBox();
  await page.getByRole('button', { name: 'Move Requests' }).press('ArrowRight');
  await expect.poll(async () => (await panel.boundingBox())?.x).toBeGreaterThan(before?.x ?? 0);
  await page.getByRole('button', { name: 'Resize Requests' }).press('ArrowDown');
  await expect.poll(async () => (await panel.boundingBox())?.height).toBeGreaterThan(before?.height ?? 0);

  // DASH-4: rows. A new one stands below; a panel moved below it is its own.
  await toolbar(page, 'Add').click();
  await page.getByRole('menuitem', { name: 'Row' }).click();
  await page.getByRole('button', { name: 'Row options' }).click();
  const dialog = page.getByRole('dialog', { name: 'Row options' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Below');
  await dialog.getByRole('button', { name: 'Update' }).click();
  const handle = await page.getByRole('button', { name: 'Move Requests' }).boundingBox();
  await page.mouse.move((handle?.x ?? 0) + 5, (handle?.y ?? 0) + 5);
  await page.mouse.down();
  await page.mouse.move((handle?.x ?? 0) + 5, (handle?.y ?? 0) + 460, { steps: 3 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Below', exact: true }).click();
  await expect(page.locator('.row-heading')).toContainText('1 panel');
  await expect(page.locator('[data-panel-id]')).toHaveCount(0);
  await save(page, 'A folded row');
  const uid = new URL(page.url()).pathname.split('/')[2] ?? '';
  const stored = async (): Promise<unknown> => (await page.request.get(`${standIn.url}/api/dashboards/uid/${uid}`)).json();
  expect(await stored()).toMatchObject({ dashboard: { panels: [{ type: 'row', title: 'Below', collapsed: true, panels: [{ title: 'Requests' }] }] } });

  // Opened by keys, it is looked into and nothing else.
  await page.locator('main').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('d');
  await page.keyboard.press('Shift+E');
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await expect(toolbar(page, 'Discard')).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete row' }).click();
  await page.getByRole('dialog', { name: 'Delete row' }).getByRole('button', { name: 'Delete row only' }).click();
  await expect(page.locator('.row-heading')).toHaveCount(0);
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
  await toolbar(page, 'Undo').click();
  await page.getByRole('button', { name: 'Delete row' }).click();
  await page.getByRole('dialog', { name: 'Delete row' }).getByRole('button', { name: 'Delete row and panels' }).click();
  await expect(page.getByText('This dashboard has no panels')).toBeVisible();
});

test('an expression reckons with a hidden query', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Reckoned');
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('listitem', { name: 'Query A' }).getByRole('button', { name: 'Hide' }).click();
  await expect(page.locator('.panel-editor-preview [data-panel-state="empty"]')).toBeVisible();
  const asked = page.waitForRequest((request) => request.url().includes('/api/ds/query') && (request.postData() ?? '').includes('__expr__'));
  await page.getByRole('button', { name: 'Add expression' }).click();
  expect(JSON.parse((await asked).postData() ?? '{}')).toMatchObject({ queries: [{ refId: 'A', hide: true }, { refId: 'B', type: 'math', expression: '$A' }] });
  await expect(page.locator('.panel-editor-preview [data-panel-state="done"]')).toBeVisible();
  await page.getByLabel('Kind of expression B').click();
  const reduced = page.waitForRequest((request) => (request.postData() ?? '').includes('"reducer":"last"'));
  await page.getByRole('option', { name: 'Reduce' }).click();
  await reduced;

  await page.getByLabel('Kind of expression B').click();
  await page.getByRole('option', { name: 'Classic conditions' }).click();
  const expression = page.getByRole('listitem', { name: 'Query B' });
  await choose(expression.getByLabel('Comparison of condition 1'), 'outside', 'Is outside range');
  await expression.getByLabel('Second value of condition 1').fill('7');
  await expression.getByLabel('Second value of condition 1').press('Enter');
  await expression.getByRole('button', { name: 'Add condition' }).click();
  await choose(expression.getByLabel('Operator of condition 2'), 'Or');
  const judged = page.waitForRequest((request) => (request.postData() ?? '').includes('"no_value"'));
  await choose(expression.getByLabel('Comparison of condition 2'), 'no value', 'Has no value');
  expect(JSON.parse((await judged).postData() ?? '{}')).toMatchObject({
    queries: [{ refId: 'A' }, { type: 'classic_conditions', conditions: [{ query: { params: ['A'] }, evaluator: { type: 'outside_range', params: [0, 7] } }, { operator: { type: 'or' }, evaluator: { type: 'no_value', params: [] } }] }],
  });
});

test('an earlier version is compared and restored', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Two versions');
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByText('This dashboard has no panels')).toBeVisible();
  await save(page, 'Emptied');

  await toolbar(page, 'Settings').click();
  await page.getByRole('tab', { name: 'Versions' }).click();
  await expect(page.getByRole('cell', { name: 'Emptied' })).toBeVisible();
  await page.getByRole('button', { name: 'Compare' }).last().click();
  await expect(page.getByRole('list', { name: 'Changes' })).toContainText('panels');
  await page.getByRole('checkbox', { name: 'Choose version 1' }).press('Space');
  await page.getByRole('checkbox', { name: 'Choose version 2' }).press('Space');
  await page.getByRole('button', { name: 'Differences of the two chosen' }).click();
  await expect(page.getByRole('heading', { name: 'From version 1 to version 2' })).toBeVisible();
  await page.getByRole('button', { name: /^Restore version/ }).click();
  await page.getByRole('tab', { name: 'General' }).click();
  await toolbar(page, 'Back').click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
});

test('a dashboard from a file says why it cannot be saved', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/d/states`);
  await toolbar(page, 'Edit').click();
  await toolbar(page, 'Save').click();
  await expect(page.getByRole('dialog')).toContainText('comes from a file');
  await expect(page.getByRole('button', { name: 'Save copy' })).toBeVisible();
});

const V2 = {
  apiVersion: 'dashboard.grafana.app/v2beta1',
  kind: 'Dashboard',
  metadata: { name: 'dynamic' },
  spec: {
    title: 'Dynamic',
    timeSettings: { from: 'now-15m', to: 'now' },
    variables: [{ kind: 'CustomVariable', spec: { name: 'job', query: 'exposer,prometheus', current: { text: 'exposer', value: 'exposer' }, options: [] } }],
    elements: Object.fromEntries(
      [1, 2, 3].map((id) => [
        `panel-${id}`,
        {
          kind: 'Panel',
          spec: {
            id,
            title: `Part ${id} of $job`,
            data: { kind: 'QueryGroup', spec: { queries: [{ kind: 'PanelQuery', spec: { refId: 'A', hidden: false, query: { kind: 'DataQuery', group: 'prometheus', datasource: { name: 'prometheus' }, spec: { expr: 'up{job="$job"}' } } } }], transformations: [], queryOptions: {} } },
            vizConfig: { kind: 'VizConfig', group: id === 3 ? 'stat' : 'timeseries', version: '12.2.0', spec: { options: {}, fieldConfig: { defaults: {}, overrides: [] } } },
          },
        },
      ]),
    ),
    layout: {
      kind: 'TabsLayout',
      spec: {
        tabs: [
          { kind: 'TabsLayoutTab', spec: { title: 'First', layout: { kind: 'AutoGridLayout', spec: { maxColumnCount: 2, columnWidthMode: 'standard', rowHeightMode: 'short', items: ['panel-1', 'panel-2'].map((name) => ({ kind: 'AutoGridLayoutItem', spec: { element: { kind: 'ElementReference', name } } })) } } } },
          { kind: 'TabsLayoutTab', spec: { title: 'Second', layout: { kind: 'GridLayout', spec: { items: [{ kind: 'GridLayoutItem', spec: { x: 0, y: 0, width: 24, height: 6, element: { kind: 'ElementReference', name: 'panel-3' } } }] } } } },
        ],
      },
    },
  },
};

test('a file of schema v2 is converted, and what became of it is said', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify(V2));
  await expect(page.getByText('Tabs are shown as rows, the first of them open.')).toBeVisible();
  await page.getByRole('button', { name: 'Import Dynamic' }).click();
  await expect(page).toHaveURL(/\/d\//);
  for (const id of [1, 2]) await expect(page.locator(`[data-panel-id="${id}"]`)).toHaveAttribute('data-panel-state', 'done');
  await expect(page.getByText('Part 1 of exposer')).toBeVisible();
  await page.getByRole('button', { name: /Second/ }).click();
  await expect(page.locator('[data-panel-id="3"]')).toHaveAttribute('data-panel-state', 'done');
});

test('a file is imported, its data source chosen', async ({ page, standIn }) => {
  const dashboard = {
    __inputs: [{ name: 'DS_PROM', label: 'Prom', type: 'datasource', pluginId: 'prometheus' }],
    title: 'Imported',
    schemaVersion: 16,
    rows: [{ panels: [{ type: 'singlestat', title: 'Up', datasource: '${DS_PROM}', targets: [{ expr: 'up' }] }] }],
  };
  await page.goto(`${standIn.url}/dashboard/import`);
  await page.getByLabel('Or paste JSON').fill(JSON.stringify(dashboard));
  await expect(page.getByLabel('Prom', { exact: true })).toHaveValue('Prometheus');
  await page.getByRole('button', { name: 'Import Imported' }).click();
  await expect(page.locator('[data-panel-type="stat"][data-panel-state="done"]')).toBeVisible();
});

test('a panel leads to Explore, and Explore back to a dashboard', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Explored');
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Explore' }).click();
  await expect(page).toHaveURL(/\/explore\?.*panes=/);
  await expect(page.locator('[data-panel-type="timeseries"][data-panel-state="done"]')).toBeVisible();
  await page.getByRole('button', { name: 'Split' }).click();
  await expect(page.getByRole('region', { name: 'Explore' })).toHaveCount(2);
  // One range for both, whichever it is chosen in.
  await page.getByRole('button', { name: 'Sync times' }).first().click();
  await page.getByRole('button', { name: /^Time range selected/ }).last().click();
  await page.getByText('Last 5 minutes', { exact: true }).click();
  await expect(page.getByRole('button', { name: /^Time range selected: Last 5 minutes/ })).toHaveCount(2);
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Add to dashboard' }).click();
  await expect(page.locator('[data-panel-id]')).toHaveCount(1);
});

test('transformations are set in forms that know the fields', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Transformed');
  await toolbar(page, 'Edit').click();
  await page.locator('[data-panel-id]').first().hover();
  await page.getByRole('button', { name: /^Menu for panel/ }).first().click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('tab', { name: 'Transformations' }).click();

  const add = async (name: string) => {
    // Of a long list only what is in sight is there; letters bring the wanted one up.
    await page.getByRole('combobox', { name: 'Add transformation' }).fill(name);
    await page.getByRole('option', { name, exact: true }).click();
  };
  await add('Series to rows');
  await add('Organize fields by name');
  const organize = page.getByRole('listitem', { name: 'Organize fields by name' });
  await organize.getByRole('button', { name: 'Hide Time' }).click();
  await organize.getByRole('textbox', { name: 'New name of Metric' }).fill('Method');
  await organize.getByRole('textbox', { name: 'New name of Metric' }).press('Enter');
  await add('Limit');
  await page.getByRole('spinbutton', { name: 'Rows' }).fill('2');
  await page.getByRole('spinbutton', { name: 'Rows' }).press('Enter');

  // The step behind knows the new name.
  await add('Sort by');
  const sort = page.getByRole('listitem', { name: 'Sort by' });
  await sort.getByRole('button', { name: 'Add' }).click();
  await sort.getByRole('combobox', { name: 'Field' }).click();
  await page.getByRole('option', { name: 'Method' }).click();

  // What goes into a step, and what comes out; only two rows are left of it.
  await page.getByRole('listitem', { name: 'Limit' }).getByRole('button', { name: /^Debug/ }).click();
  const [input, output] = ['Input', 'Output'].map((name) => page.getByRole('region', { name, exact: true }));
  await expect(input?.getByRole('columnheader', { name: 'Method' }) ?? page).toBeVisible();
  await expect(output?.locator('tbody tr') ?? page).toHaveCount(2);

  // A step that is for one of two queries, dragged to another place by its handle.
  await page.getByRole('tab', { name: 'Queries' }).click();
  await page.getByRole('button', { name: 'Duplicate query' }).click();
  await page.getByRole('button', { name: 'Drag query B' }).press('ArrowUp');
  await expect(page.getByRole('listitem', { name: /^Query/ }).first()).toHaveAttribute('aria-label', 'Query B');
  await page.getByRole('tab', { name: 'Transformations' }).click();
  const limit = page.getByRole('listitem', { name: 'Limit' });
  await limit.getByRole('button', { name: 'Apply to some queries' }).click();
  await choose(limit.getByRole('combobox', { name: 'Apply transformation to' }), 'A');
  await page.keyboard.press('Escape');
  const handle = await limit.getByRole('button', { name: 'Drag Limit' }).boundingBox();
  const first = await page.getByRole('listitem', { name: 'Series to rows' }).boundingBox();
  await page.mouse.move((handle?.x ?? 0) + 5, (handle?.y ?? 0) + 5);
  await page.mouse.down();
  await page.mouse.move((first?.x ?? 0) + 20, (first?.y ?? 0) + 2, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByRole('listitem').filter({ hasText: 'Rows' }).first()).toHaveAttribute('aria-label', 'Limit');
  await page.getByRole('button', { name: 'Drag Limit' }).press('ArrowDown');
  await page.getByRole('button', { name: 'Drag Limit' }).press('ArrowDown');

  await page.getByRole('tab', { name: 'JSON' }).click();
  const json: unknown = JSON.parse(await page.getByRole('textbox', { name: 'JSON of the panel' }).inputValue());
  expect(json).toMatchObject({
    transformations: [
      { id: 'seriesToRows' },
      { id: 'organize', options: { excludeByName: { Time: true }, renameByName: { Metric: 'Method' } } },
      { id: 'limit', filter: { id: 'byRefId', options: 'A' }, options: { limitField: 2 } },
      { id: 'sortBy', options: { sort: [{ field: 'Method' }] } },
    ],
  });
});

test('options of a panel are chosen by their controls, found by a search, and taken back', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Options');
  await editFirstPanel(page);
  const pane = page.getByRole('complementary', { name: 'Panel options' });

  await choose(pane.getByRole('combobox', { name: 'Unit' }), 'requests/sec', /requests\/sec/);
  await pane.getByRole('button', { name: /^Colour scheme/ }).click();
  await pane.getByRole('button', { name: 'Blues (by value)' }).click();
  await pane.getByRole('radio', { name: 'Max' }).check();

  await pane.getByRole('button', { name: 'Add data link' }).click();
  const address = pane.getByRole('combobox', { name: 'Address of data link 1' });
  await address.pressSequentially('https://example.com/?m=$labels.m');
  await expect(pane.getByRole('option')).toHaveCount(1);
  await address.press('Enter');
  await expect(address).toHaveValue('https://example.com/?m=${__field.labels.method}');
  await address.press('Enter');

  await pane.getByRole('button', { name: 'Add field override' }).click();
  const override = pane.getByRole('listitem', { name: 'Override 1' });
  await choose(override.getByRole('combobox', { name: 'Fields of override 1', exact: true }), 'GET');
  await choose(override.getByRole('combobox', { name: 'Add property to override 1' }), 'Line width');
  await override.getByRole('spinbutton').fill('25');
  await override.getByRole('spinbutton').press('Enter');

  const made = {
    fieldConfig: {
      defaults: { unit: 'reqps', color: { mode: 'continuous-blues', seriesBy: 'max' }, links: [{ url: 'https://example.com/?m=${__field.labels.method}' }] },
      // No line is thicker than ten pixels.
      overrides: [{ matcher: { id: 'byName', options: 'GET' }, properties: [{ id: 'custom.lineWidth', value: 10 }] }],
    },
  };
  expect(await panelJson(page)).toMatchObject(made);

  await pane.getByRole('textbox', { name: 'Search options' }).fill('line width');
  await expect(pane.getByRole('slider', { name: 'Line width, slider' }).first()).toBeVisible();
  await expect(override).toBeVisible();
  await expect(pane.getByRole('combobox', { name: 'Unit' })).toBeHidden();
  await pane.getByRole('textbox', { name: 'Search options' }).fill('');

  await pane.getByRole('button', { name: 'Back to the default: Unit' }).click();
  await expect(pane.getByRole('button', { name: 'Back to the default: Unit' })).toBeHidden();
  expect(await panelJson(page)).not.toHaveProperty('fieldConfig.defaults.unit');
  await toolbar(page, 'Undo').click();
  expect(await panelJson(page)).toMatchObject(made);

  // A colour of the legend is an override of the name.
  const preview = page.locator('.panel-editor-preview');
  await preview.getByRole('button', { name: 'Edit color for POST' }).press('Enter');
  await page.getByRole('button', { name: 'dark-purple color', exact: true }).click();
  expect(await panelJson(page)).toMatchObject({ fieldConfig: { overrides: [{}, { matcher: { id: 'byName', options: 'POST' }, properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'dark-purple' } }] }] } });

  // The links of a slice stand in a menu, for the keyboard as well.
  await pane.getByRole('button', { name: 'Add data link' }).click();
  for (const [at, title] of [[1, 'One'], [2, 'Two']] as const) {
    await pane.getByRole('combobox', { name: `Title of data link ${at}` }).fill(title);
    await pane.getByRole('combobox', { name: `Title of data link ${at}` }).press('Enter');
  }
  await page.getByRole('button', { name: 'Visualization: Time series' }).click();
  await page.getByRole('textbox', { name: 'Search visualizations' }).fill('pie');
  await page.getByRole('list', { name: 'Visualizations' }).getByRole('button').click();
  await preview.getByRole('button', { name: /^GET \d/ }).press('Enter');
  await expect(page.getByRole('menuitem', { name: 'One' })).toHaveAttribute('href', 'https://example.com/?m=GET');
  await expect(page.getByRole('menuitem', { name: 'Two' })).toBeVisible();
});

test('a visualization is chosen among those that suit the data, its data is seen as a table', async ({ page, standIn }) => {
  await openBuilt(page, standIn, 'Suggested');
  await editFirstPanel(page);
  const preview = page.locator('.panel-editor-preview');
  await page.getByText('Table view').click();
  await expect(preview.locator('[data-panel-type="table"][data-panel-state="done"]')).toBeVisible();
  await page.getByText('Table view').click();
  const filled = await preview.locator('[data-panel-id]').boundingBox();
  await page.getByRole('radio', { name: 'Actual' }).check();
  await expect.poll(async () => (await preview.locator('[data-panel-id]').boundingBox())?.width).not.toBe(filled?.width);

  await page.getByRole('button', { name: 'Visualization: Time series' }).click();
  const suggestions = page.getByRole('list', { name: 'Suggestions' });
  await expect(suggestions.getByRole('button').first()).toHaveAccessibleName('Time series: Numbers over time');
  await suggestions.getByRole('button', { name: /^Stat:/ }).click();
  await expect(preview.locator('[data-panel-type="stat"][data-panel-state="done"]')).toBeVisible();

  await page.getByRole('button', { name: 'Visualization: Stat' }).click();
  await page.getByRole('textbox', { name: 'Search visualizations' }).fill('bar g');
  await page.getByRole('list', { name: 'Visualizations' }).getByRole('button').click();
  await expect(preview.locator('[data-panel-type="bargauge"][data-panel-state="done"]')).toBeVisible();
});
