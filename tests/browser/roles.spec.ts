// What people of each kind are shown of the pages around dashboards, over the real program.
import type { Page } from '@playwright/test';

import type { Running } from './demo';
import { api, createAccount, enter, type Credentials } from './person';
import { expect, test } from './watched_page';

async function signIn(page: Page, url: string, path: string, credentials?: Credentials): Promise<void> {
  await page.goto(url + path);
  await enter(page, credentials);
  await expect(page.getByTestId('user-menu')).toBeVisible();
}

async function menuOf(page: Page): Promise<string[]> {
  await page.getByTestId('user-menu').click();
  const entries = page.getByRole('menu', { name: 'User' }).getByRole('menuitem');
  await expect(entries.first()).toBeVisible();
  const labels = await entries.allInnerTexts();
  await page.keyboard.press('Escape');
  return labels;
}

const REFUSED = 'Your role does not let you see this page';
const ADMIN_PAGES = ['/org', '/org/users', '/org/teams', '/org/serviceaccounts', '/admin/users', '/admin/orgs', '/admin/settings', '/admin/provisioning'];

test.describe('who has a role', () => {
  test.beforeEach(({ demo, watch }) => watch.tolerate(401, demo.url('dashboards')));

  test('an admin sees each setting with where it comes from, and no secret', async ({ page, demo, shoot }) => {
    await signIn(page, demo.url('dashboards'), '/admin/settings');
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    const rows = page.getByRole('table', { name: 'settings' }).getByRole('row');
    const all = await rows.count();
    expect(all).toBeGreaterThan(40);
    await shoot('settings');
    await page.getByRole('textbox', { name: 'Filter settings' }).fill('security admin_');
    await expect(page.getByRole('row', { name: /admin_password/ })).toContainText('GF_SECURITY_ADMIN_PASSWORD');
    await expect(page.getByRole('row', { name: /admin_password/ })).not.toContainText('1234');
    await expect(page).toHaveURL(/query=security\+admin_/);
    await page.getByRole('textbox', { name: 'Filter settings' }).fill('min_refresh_interval');
    await expect(page.getByRole('row', { name: /min_refresh_interval/ })).toContainText('1s');
    await page.getByRole('textbox', { name: 'Filter settings' }).fill('nothing like this');
    await expect(page.getByText('No setting answers to the filter')).toBeVisible();
    await page.getByRole('textbox', { name: 'Filter settings' }).fill('');
    await page.getByRole('checkbox', { name: 'Only those that were set' }).check();
    await expect(page.getByRole('row', { name: /GF_PATHS_DATA/ })).toBeVisible();
    await expect(page.getByRole('row', { name: / default$/ })).toHaveCount(0);
  });

  test('an admin sees what became of each provisioned file', async ({ page, demo, shoot }) => {
    await signIn(page, demo.url('dashboards'), '/admin/provisioning');
    await expect(page.getByRole('row', { name: /test-dashboard\.json.*Loaded/ })).toBeVisible();
    await page.getByRole('button', { name: 'Read dashboards again' }).click();
    await expect(page.getByRole('row', { name: /prometheus\.yaml.*Loaded/ })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await shoot('provisioning');
  });

  test('an admin makes an organisation, fills it, works in it, and takes it away', async ({ page, demo, watch, shoot }) => {
    const url = demo.url('dashboards');
    const member = await createAccount(url, 'orla', 'Viewer');
    await signIn(page, url, '/admin/orgs');
    await page.getByLabel('Name', { exact: true }).fill('Second');
    await page.getByRole('button', { name: 'Add organisation' }).click();
    await expect(page.getByRole('row', { name: /^Second / })).toBeVisible();
    watch.tolerate(409, '/api/orgs');
    await page.getByLabel('Name', { exact: true }).fill('Second');
    await page.getByRole('button', { name: 'Add organisation' }).click();
    await expect(page.getByRole('alert')).toContainText(/taken|exists/i);
    await page.getByRole('button', { name: 'Rename Second' }).click();
    await page.getByRole('form', { name: 'Name of Second' }).getByLabel('Name').fill('Third');
    await page.getByRole('form', { name: 'Name of Second' }).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Members of Third' }).click();
    const members = page.getByRole('region', { name: 'Members of Third' });
    await members.getByLabel('Login or email').fill(member.user);
    await members.locator('select[name=role]').selectOption('Editor');
    await members.getByRole('button', { name: 'Add member' }).click();
    await expect(members.getByLabel('Role of orla')).toHaveValue('Editor');
    await members.getByLabel('Role of orla').selectOption('Viewer');
    await expect(members.getByLabel('Role of orla')).toHaveValue('Viewer');
    await shoot('organisations');
    await members.getByRole('button', { name: 'Remove orla' }).click();
    await members.getByRole('button', { name: 'Really: Remove orla' }).click();
    await expect(members.getByLabel('Role of orla')).toHaveCount(0);

    await page.getByRole('button', { name: 'Work in Third' }).click();
    await expect(page.getByRole('heading', { name: /^Welcome/ })).toBeVisible();
    await expect(page.getByText('No dashboards yet')).toBeVisible();
    await page.goto(`${url}/org`);
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Third');
    await page.goto(`${url}/admin/orgs`);
    await page.getByRole('button', { name: /^Work in Main/ }).click();
    await expect(page.getByRole('link', { name: /Test Dashboard/ }).first()).toBeVisible();
    await page.goto(`${url}/admin/orgs`);
    await page.getByRole('button', { name: 'Delete Third' }).click();
    await page.getByRole('button', { name: 'Really: Delete Third' }).click();
    await expect(page.getByRole('row', { name: /^Third/ })).toHaveCount(0);
  });

  test('preferences come from the nearest: the person, the team, the organisation', async ({ page, demo, shoot }) => {
    const url = demo.url('dashboards');
    const person = await createAccount(url, 'petra', 'Viewer');
    await api(url, 'PUT', '/api/org/preferences', { theme: 'light', timezone: 'Asia/Tokyo' });
    await signIn(page, url, '/profile', person);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    const form = page.getByRole('form', { name: 'Preferences' });
    await form.getByLabel('Theme').selectOption('dark');
    await form.getByLabel('Home dashboard').selectOption({ label: 'Test Dashboard' });
    await form.getByLabel('Week starts on').selectOption('monday');
    await form.getByRole('button', { name: 'Save preferences' }).click();
    await expect(page.getByText('Saved. Pages that are loaded from now on follow it.')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await shoot('preferences');
    await page.goto(`${url}/`);
    await expect(page).toHaveURL(/\/d\/test-dashboard\//);
    // The dashboard says "browser" or nothing of its own: where it says nothing the organisation's zone holds.
    await api(url, 'POST', '/api/dashboards/db', { dashboard: { uid: 'zone', title: 'Zone', schemaVersion: 41, panels: [] }, overwrite: true });
    await page.goto(`${url}/d/zone?from=2026-01-01T00:00:00.000Z&to=2026-01-01T01:00:00.000Z`);
    await expect(page.getByRole('toolbar', { name: 'Dashboard' })).toContainText('2026-01-01 09:00:00');
    // The menu's choice goes with the person, into another browser.
    await page.getByTestId('theme-menu').click();
    const kept = page.waitForResponse((response) => response.url().endsWith('/api/user/preferences') && response.request().method() === 'PATCH');
    await page.getByTestId('theme-light').click();
    expect((await kept).status()).toBe(200);
    expect(await api(url, 'GET', '/api/user/preferences', undefined, person)).toMatchObject({ theme: 'light', weekStart: 'monday' });
    await api(url, 'PUT', '/api/org/preferences', {});
  });

  test('a team prefers', async ({ page, demo }) => {
    const url = demo.url('dashboards');
    await api(url, 'POST', '/api/teams', { name: 'Night shift' });
    await signIn(page, url, '/org/teams');
    await page.getByRole('button', { name: 'Preferences of Night shift' }).click();
    const form = page.getByRole('form', { name: 'Preferences of Night shift' });
    await form.getByLabel('Theme').selectOption('system');
    await form.getByRole('button', { name: 'Save preferences' }).click();
    await expect(page.getByText('Saved. Pages that are loaded from now on follow it.')).toBeVisible();
    await page.reload();
    await page.getByRole('button', { name: 'Preferences of Night shift' }).click();
    await expect(form.getByLabel('Theme')).toHaveValue('system');
  });

  for (const role of ['Viewer', 'Editor'] as const) {
    test(`${role}s are offered what they may use, and refused the rest`, async ({ page, demo, shoot }) => {
      const url = demo.url('dashboards');
      const person = await createAccount(url, `one-${role.toLowerCase()}`, role);
      await signIn(page, url, '/', person);
      expect(await menuOf(page)).toEqual(['Profile', 'Playlists', 'Library panels', 'Snapshots', 'Sign out']);
      for (const path of ADMIN_PAGES) {
        await page.goto(url + path);
        await expect(page.getByText(REFUSED)).toBeVisible();
        await expect(page.getByRole('navigation', { name: 'Administration' })).toHaveCount(0);
      }
      await shoot(`refused-${role.toLowerCase()}`);
      const buttons = role === 'Editor' ? 1 : 0;
      await page.goto(`${url}/dashboards`);
      await expect(page.getByRole('link', { name: /Test Dashboard/ })).toBeVisible();
      await expect(page.getByRole('link', { name: 'Import' })).toHaveCount(buttons);
      await page.goto(`${url}/playlists`);
      await expect(page.getByText('There are no playlists yet')).toBeVisible();
      await expect(page.getByRole('link', { name: 'New playlist' })).toHaveCount(buttons);
      await page.goto(`${url}/`);
      await expect(page.getByRole('navigation', { name: 'First steps' }).getByRole('link')).toHaveCount(role === 'Editor' ? 4 : 1);
      await page.goto(`${url}/profile`);
      await expect(page.getByRole('form', { name: 'Preferences' })).toBeVisible();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Search dashboards/ }).fill('administration');
      await expect(page.getByText('Nothing answers to that.')).toBeVisible();
    });
  }

  test('an admin of the organisation administers that, not the server', async ({ page, demo }) => {
    const url = demo.url('dashboards');
    await signIn(page, url, '/', await createAccount(url, 'one-admin', 'Admin'));
    expect(await menuOf(page)).toContain('Administration');
    await page.goto(`${url}/org/users`);
    await expect(page.getByRole('navigation', { name: 'Administration' }).getByRole('link')).toHaveText(['Organisation', 'Members', 'Teams', 'Service accounts']);
    await page.goto(`${url}/admin/settings`);
    await expect(page.getByText(REFUSED)).toBeVisible();
  });
});

test.describe('the tour', () => {
  test.beforeEach(({ demo, watch }) => watch.tolerate(401, demo.url('dashboards')));

  for (const [theme, width] of [['dark', 1600], ['light', 390]] as const) {
    test(`leads by the keys from a scrape to a panel, ${theme} and ${width} pixels wide`, async ({ page, demo, shoot }) => {
      const url = demo.url('dashboards');
      await page.setViewportSize({ width, height: 1000 });
      await signIn(page, url, '/', await createAccount(url, `new-${theme}`, 'Editor'));
      await page.goto(`${url}/?theme=${theme}`);
      const tour = page.getByRole('region', { name: 'Tour' });
      await expect(tour.getByRole('listitem').filter({ hasText: 'exposer' })).toContainText('1 of 1 target answers, every 1s');
      await shoot(`tour-1-${theme}`);
      await tour.getByRole('button', { name: 'Next: Query' }).focus();
      await page.keyboard.press('Enter');
      await expect(tour.getByRole('heading', { name: '2 of 3: Query' })).toBeFocused();
      await expect(tour.locator('[data-panel-id]')).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
      await expect(tour.locator('[data-panel-id]')).toContainText('exposer');
      await shoot(`tour-2-${theme}`);
      await tour.getByRole('button', { name: 'Next: Panel' }).press('Enter');
      await expect(tour.locator('[data-panel-type="timeseries"]')).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
      await expect(tour.locator('canvas').first()).toBeVisible();
      await expect(tour.locator('[data-panel-type="timeseries"]')).toContainText('prometheus');
      await shoot(`tour-3-${theme}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      await page.keyboard.press('Escape');
      await expect(tour).toHaveCount(0);
      await page.reload();
      await expect(page.getByRole('heading', { name: /^Welcome/ })).toBeVisible();
      await expect(tour).toHaveCount(0);
      await page.getByRole('button', { name: /^Tour/ }).click();
      for (const name of ['Next: Query', 'Next: Panel']) await tour.getByRole('button', { name }).click();
      await tour.getByRole('button', { name: 'Put it on a new dashboard' }).click();
      await expect(page).toHaveURL(/\/dashboard\/new/);
      await expect(page.locator('[data-panel-type="timeseries"]')).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
    });
  }
});

test.describe('visitors', () => {
  let open: Running;
  test.beforeAll(async ({ demo }) => {
    open = await demo.startDashboards({ GF_AUTH_ANONYMOUS_ENABLED: 'true' });
  });
  test.afterAll(async () => open.stop());

  test('see dashboards without an account, and are offered to sign in', async ({ page, shoot }) => {
    await page.goto(open.url);
    await expect(page.getByRole('heading', { name: 'Welcome', level: 1 })).toBeVisible();
    expect(await menuOf(page)).toEqual(['Playlists', 'Sign in']);
    await shoot('visitor-home');
    await page.goto(`${open.url}/d/test-dashboard`);
    await expect(page.locator('[data-panel-id]').first()).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
    await page.goto(`${open.url}/admin/settings`);
    await expect(page.getByText(REFUSED)).toBeVisible();
    await page.getByTestId('user-menu').click();
    await page.getByRole('menuitem', { name: 'Sign in' }).click();
    await enter(page);
    await expect(page.getByRole('heading', { name: /^Welcome, / })).toBeVisible();
  });
});
