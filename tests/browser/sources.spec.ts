// Data sources: listed, added, set up, tried out, deleted; folders and what is in them.
import { expect, test } from './editor_page';

test('a data source is added, set up, tried out and deleted (UI-11, PROM-1)', async ({ page, standIn, faults }) => {
  await page.goto(`${standIn.url}/connections/datasources`);
  await expect(page.getByRole('row', { name: /Prometheus default/ })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Nowhere');
  await page.getByLabel('URL', { exact: true }).fill('http://nowhere:9090');
  await page.getByRole('button', { name: 'Add data source' }).click();
  await expect(page.getByRole('heading', { name: 'Nowhere', level: 1 })).toBeVisible();

  await page.getByRole('textbox', { name: 'Scrape interval' }).fill('30s');
  await page.getByRole('switch', { name: 'Basic authentication' }).check({ force: true });
  await page.getByRole('textbox', { name: 'User', exact: true }).fill('reader');
  await page.getByLabel('Password').fill('s3cret');
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByRole('textbox', { name: 'Name of the header' }).fill('X-Scope-OrgID');
  await page.getByRole('textbox', { name: 'Name of the header' }).press('Enter');
  await page.getByLabel('Value of X-Scope-OrgID').fill('tenant');
  const saved = page.waitForRequest((request) => request.method() === 'PUT' && request.url().includes('/api/datasources/uid/'));
  await page.getByRole('button', { name: 'Save & test' }).click();
  expect((await saved).postDataJSON()).toMatchObject({
    basicAuth: true,
    basicAuthUser: 'reader',
    jsonData: { timeInterval: '30s', httpHeaderName1: 'X-Scope-OrgID' },
    secureJsonData: { basicAuthPassword: 's3cret', httpHeaderValue1: 'tenant' },
  });
  await expect(page.getByRole('alert')).toContainText('connection refused');
  // The browser tells of the answer that says so.
  await expect.poll(() => faults.splice(0)).toEqual([expect.stringContaining('status of 400')]);
  await expect(page.getByRole('button', { name: 'Replace: Password' })).toBeVisible();

  await page.getByRole('textbox', { name: 'URL' }).fill('http://localhost:9090');
  await page.getByRole('button', { name: 'Save & test' }).click();
  await expect(page.getByText('Successfully queried the Prometheus API.')).toBeVisible();
  await page.getByRole('button', { name: 'Delete Nowhere' }).click();
  await page.getByRole('button', { name: 'Really: Delete Nowhere' }).click();
  await expect(page).toHaveURL(/\/connections\/datasources$/);
  await expect(page.getByRole('cell', { name: 'Nowhere' })).toHaveCount(0);
});

test('a data source of a file is looked at and tried out, not changed', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/datasources/edit/filed`);
  await expect(page.getByText('This data source comes from a file')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'URL' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Save & test' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByText('Successfully queried')).toBeVisible();
});

test('folders are made, nested, named; dashboards chosen, moved and deleted (UI-1)', async ({ page, standIn }) => {
  for (const title of ['Disks one', 'Disks two']) {
    await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: { title, panels: [] } } });
  }
  await page.goto(`${standIn.url}/dashboards`);
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Title of the folder').fill('Storage');
  await page.getByRole('button', { name: 'Add folder' }).click();
  await expect(page.getByRole('heading', { name: 'Storage', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Title of the folder').fill('Local');
  await page.getByRole('button', { name: 'Add folder' }).click();
  await expect(page.getByRole('heading', { name: 'Local', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Local disks');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('navigation', { name: 'Breadcrumbs' })).toContainText('Storage');
  await expect(page.getByRole('heading', { name: 'Local disks', level: 1 })).toBeVisible();

  await page.goto(`${standIn.url}/dashboards?query=disks`);
  await page.getByRole('checkbox', { name: 'Choose Disks one' }).check({ force: true });
  await page.getByRole('checkbox', { name: 'Choose Disks two' }).check({ force: true });
  const bar = page.getByRole('region', { name: 'Chosen dashboards' });
  await expect(bar.getByRole('status')).toHaveText('2 dashboards chosen');
  await bar.getByLabel('Into').selectOption({ label: 'Storage / Local disks' });
  await bar.getByRole('button', { name: 'Move' }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Storage / Local disks' }).getByRole('link', { name: /Disks/ })).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Choose Disks two' }).check({ force: true });
  await bar.getByRole('button', { name: 'Delete 1 dashboard' }).click();
  await bar.getByRole('button', { name: /^Really/ }).click();
  await expect(page.getByRole('link', { name: /Disks two/ })).toHaveCount(0);
  await page.goto(`${standIn.url}/dashboards/f/of-nobody`);
  await expect(page.getByText('There is no such folder')).toBeVisible();
});

test('a folder is shared with a role (permissions)', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/dashboards/f/team`);
  await page.getByRole('button', { name: 'Permissions' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Right of Everybody with the role Viewer').selectOption({ label: 'Edit' });
  await expect(drawer.getByLabel('Right of Everybody with the role Viewer')).toHaveValue('2');
  await drawer.getByRole('button', { name: 'Remove Everybody with the role Editor' }).click();
  await drawer.getByRole('button', { name: 'Really: Remove Everybody with the role Editor' }).click();
  await expect(drawer.getByRole('cell', { name: 'Everybody with the role Editor' })).toHaveCount(0);
  await drawer.getByLabel('For').selectOption({ label: 'admin' });
  await drawer.getByLabel(/^May/).selectOption({ label: 'Admin' });
  await drawer.getByRole('button', { name: 'Add permission' }).click();
  await expect(drawer.getByLabel('Right of admin')).toHaveValue('4');
});
