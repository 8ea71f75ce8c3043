// Snapshots, playlists, people and their tokens, over the stand-in.
import type { Page } from '@playwright/test';

import { type StandIn } from './stand_in';
import { expect, test } from './stand_in_test';

async function saveDashboard(page: Page, standIn: StandIn, title: string): Promise<string> {
  const panels = [{ id: 1, type: 'timeseries', title: 'Requests', gridPos: { x: 0, y: 0, w: 24, h: 8 }, targets: [{ refId: 'A', expr: 'sum by (method) (demo_requests_total)' }] }];
  const answer = await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard: { title, panels, tags: ['wall'] }, overwrite: true } });
  const saved: unknown = await answer.json();
  return String((saved as { url: string }).url);
}

test('a snapshot keeps what was shown, without asking again', async ({ page, standIn }) => {
  const url = await saveDashboard(page, standIn, 'Kept');
  await page.goto(`${standIn.url}${url}`);
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Snapshot/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Name', { exact: true }).fill('That hour');
  await drawer.getByRole('button', { name: 'Make the snapshot' }).click();
  await expect(drawer.getByText('The snapshot is made')).toBeVisible();

  let queries = 0;
  page.on('request', (request) => (queries += request.url().includes('/api/ds/query') ? 1 : 0));
  await drawer.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'That hour' })).toBeAttached();
  await expect(page.locator('[data-panel-state="done"]')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toHaveCount(0);
  expect(queries).toBe(0);

  await page.goto(`${standIn.url}/dashboard/snapshots`);
  await page.getByRole('button', { name: 'Delete That hour' }).click();
  await page.getByRole('button', { name: 'Really: Delete That hour' }).click();
  await expect(page.getByRole('heading', { name: 'There are no snapshots yet' })).toBeVisible();
});

test('a playlist is made, played and stopped', async ({ page, standIn }) => {
  await saveDashboard(page, standIn, 'Wall one');
  await saveDashboard(page, standIn, 'Wall two');
  await page.goto(`${standIn.url}/playlists`);
  await page.getByRole('link', { name: 'New playlist' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('A playlist has a name');
  await page.getByLabel('Name').fill('Wall');
  await page.getByLabel('Each for').fill('10m');
  await page.getByLabel('Add').selectOption({ label: 'Wall one' });
  await page.getByLabel('Add').selectOption({ label: 'Wall two' });
  await expect(page.getByRole('list', { name: 'Dashboards of the playlist' }).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Later: Wall one' }).click();
  await page.getByRole('button', { name: 'Save' }).click();

  await page.getByRole('link', { name: 'Start Wall' }).click();
  const bar = page.getByRole('toolbar', { name: 'Playlist Wall' });
  await expect(bar).toContainText('1 of 2');
  await expect(page).toHaveURL(/wall-two\?kiosk=true/);
  await bar.getByRole('button', { name: 'Next dashboard' }).click();
  await expect(page).toHaveURL(/wall-one\?kiosk=true/);
  await bar.getByRole('button', { name: 'Stop the playlist' }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Playlists' })).toBeVisible();
});

test('a user is made, becomes a member with a role, and joins a team', async ({ page, standIn, faults }) => {
  await page.goto(`${standIn.url}/admin/users`);
  const form = page.getByRole('form', { name: 'New user' });
  await form.getByLabel('Login').fill('eve');
  await form.getByLabel('Password').fill('secret');
  await form.getByRole('button', { name: 'Add user' }).click();
  await expect(page.getByRole('cell', { name: 'eve', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Set password of eve' }).click();
  const drawer = page.getByRole('dialog', { name: 'Password of eve' });
  await drawer.getByLabel('New password', { exact: true }).fill('abc');
  await drawer.getByRole('button', { name: 'Set password' }).click();
  await expect(drawer).toContainText('New password too short');
  faults.splice(0);
  await drawer.getByLabel('New password', { exact: true }).fill('longer than that');
  const changed = page.waitForRequest((request) => request.method() === 'PUT' && /\/api\/admin\/users\/\d+\/password$/.test(request.url()));
  await drawer.getByRole('button', { name: 'Set password' }).click();
  expect((await changed).postDataJSON()).toEqual({ password: 'longer than that' });
  await expect(drawer).toContainText('The password is set.');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign out eve everywhere' }).click();
  const out = page.waitForRequest((request) => request.method() === 'POST' && /\/api\/admin\/users\/\d+\/logout$/.test(request.url()));
  await page.getByRole('button', { name: 'Really: Sign out eve everywhere' }).click();
  await out;

  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('form', { name: 'New member' }).getByLabel('Login or email').fill('nobody');
  await page.getByRole('button', { name: 'Add member' }).click();
  await expect(page.getByRole('alert')).toContainText('user not found');
  // Chromium tells of the refusal in the console.
  faults.splice(0);
  await page.getByRole('form', { name: 'New member' }).getByLabel('Login or email').fill('eve');
  await page.getByRole('button', { name: 'Add member' }).click();
  await page.getByRole('combobox', { name: 'Role of eve' }).selectOption('Editor');
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Role of eve' })).toHaveValue('Editor');

  await page.getByRole('link', { name: 'Teams' }).click();
  await page.getByRole('form', { name: 'New team' }).getByLabel('Name').fill('Watch');
  await page.getByRole('button', { name: 'Add team' }).click();
  await page.getByRole('button', { name: '0 members' }).click();
  await page.getByRole('combobox', { name: 'Member of the organisation' }).selectOption('eve');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('button', { name: '1 member' })).toBeVisible();
});

test('a service account gets a token that is shown once', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/org/serviceaccounts`);
  const form = page.getByRole('form', { name: 'New service account' });
  await form.getByLabel('Name').fill('robot');
  await form.getByRole('button').click();
  await page.getByRole('button', { name: 'Tokens of robot: 0' }).click();
  await page.getByRole('form', { name: 'New token of robot' }).getByLabel('Name').fill('deploy');
  await page.getByRole('button', { name: 'Add token' }).click();
  await expect(page.locator('.manage-secret')).toHaveText(/^glsa_/);
  await page.reload();
  await page.getByRole('button', { name: 'Tokens of robot: 1' }).click();
  await expect(page.locator('.manage-secret')).toHaveCount(0);
  await page.getByRole('button', { name: 'Revoke deploy' }).click();
  await page.getByRole('button', { name: 'Really: Revoke deploy' }).click();
  await expect(page.getByRole('button', { name: 'Tokens of robot: 0' })).toBeVisible();
});

test('the profile changes a password, and says what is wrong with it', async ({ page, standIn, faults }) => {
  await page.goto(`${standIn.url}/profile`);
  const form = page.getByRole('form', { name: 'Password' });
  await form.getByLabel('Old password').fill('wrong');
  await form.getByLabel('New password').fill('better');
  await form.getByRole('button').click();
  await expect(page.getByRole('alert')).toContainText('invalid old password');
  // Chromium tells of the refusal in the console.
  faults.splice(0);
  await form.getByLabel('Old password').fill('1234');
  await form.getByRole('button').click();
  await expect(page.getByRole('alert').or(page.getByRole('status'))).toContainText(['The password is changed.']);
});
