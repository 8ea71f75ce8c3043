// Variables that use each other: what follows from a choice, in the panels and in the address, also on the way back.
import { expect, test } from './editor_page';

const dashboard = {
  uid: 'chained',
  title: 'Chained',
  schemaVersion: 42,
  templating: {
    list: [
      { type: 'custom', name: 'host', query: '10.0.0.1,10.0.0.2' },
      { type: 'query', name: 'node', query: 'label_values(up, instance)', regex: '/$host/', refresh: 1, datasource: { type: 'prometheus', uid: 'prometheus' } },
    ],
  },
  panels: [{ id: 1, type: 'timeseries', title: 'Load of $node', gridPos: { x: 0, y: 0, w: 12, h: 8 }, targets: [{ refId: 'A', expr: 'sum(node_load1{instance="$node"})' }] }],
};

test('a choice takes those along that follow from it', async ({ page, standIn }) => {
  expect((await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard, overwrite: true } })).ok()).toBe(true);
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/api/ds/query') && asked.push(request.postData() ?? ''));
  await page.goto(`${standIn.url}/d/chained?var-host=10.0.0.1&var-node=${encodeURIComponent('10.0.0.1:9100')}`);
  const title = (node: string) => page.getByRole('heading', { name: `Load of ${node}` });
  await expect(title('10.0.0.1:9100')).toBeVisible();
  await page.getByLabel('host', { exact: true }).click();
  await page.getByRole('option', { name: '10.0.0.2' }).click();
  await expect(title('10.0.0.2:9100')).toBeVisible();
  await expect(page).toHaveURL(/var-host=10\.0\.0\.2&var-node=10\.0\.0\.2%3A9100/);
  await expect.poll(() => asked.at(-1)).toContain('10.0.0.2:9100');

  await page.goBack();
  await expect(title('10.0.0.1:9100')).toBeVisible();
  await expect(page).toHaveURL(/var-host=10\.0\.0\.1&var-node=10\.0\.0\.1%3A9100/);
  await page.goForward();
  await expect(title('10.0.0.2:9100')).toBeVisible();
  // Nothing was asked with a host of one and a node of the other.
  expect(asked.filter((body) => body.includes('10.0.0.1:9100') && body.includes('10.0.0.2:9100'))).toEqual([]);
});
