// What people and metrics name things is text on every page, over the real program: with the policy that forbids
// foreign scripts, and without it, so that the escaping itself is seen.
import type { Page } from '@playwright/test';

import type { Running } from './demo';
import { DASHBOARD, ELSEWHERE, FRAME, FRAME_PAGE, HTML, LINKS, NAME } from './hostile';
import { api, enter } from './person';
import { expect, test } from './watched_page';

async function prepare(url: string): Promise<{ snapshot: string }> {
  await api(url, 'POST', '/api/folders', { uid: 'hostile-folder', title: NAME });
  await api(url, 'POST', '/api/dashboards/db', { dashboard: DASHBOARD, folderUid: 'hostile-folder', message: NAME });
  // Saved once more, so that there are versions to compare.
  await api(url, 'POST', '/api/dashboards/db', { dashboard: { ...DASHBOARD, title: `${DASHBOARD.title} again` }, folderUid: 'hostile-folder', message: NAME, overwrite: true });
  await api(url, 'POST', '/api/annotations', { dashboardUID: 'hostile', time: Date.now() - 60_000, text: HTML, tags: [NAME] });
  await api(url, 'POST', '/api/admin/users', { login: NAME, name: NAME, email: 'hostile@localhost', password: 'hostile-1234' });
  await api(url, 'POST', '/api/teams', { name: NAME });
  await api(url, 'POST', '/api/serviceaccounts', { name: NAME, role: 'Viewer' });
  await api(url, 'POST', '/api/orgs', { name: NAME });
  await api(url, 'POST', '/api/playlists', { name: NAME, interval: '5m', items: [{ type: 'dashboard_by_tag', value: NAME }] });
  const { key } = await api(url, 'POST', '/api/snapshots', { name: NAME, dashboard: DASHBOARD });
  return { snapshot: String(key) };
}

// What is fetched from elsewhere, or asks the person something, from now on.
function watchOut(page: Page, ownUrl: string): string[] {
  const strays: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    // A text panel may show a page of elsewhere; what that page asks for is a stray.
    const isFrame = url === FRAME && request.isNavigationRequest() && request.frame() !== page.mainFrame();
    if (!isFrame && !url.startsWith(ownUrl) && !/^(data|blob|about):/.test(url)) strays.push(url);
  });
  page.on('dialog', (dialog) => {
    strays.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => strays.push(`popup: ${popup.url()}`));
  return strays;
}

// Nothing has run, and nothing that is left could: no address that would, no attribute, no element.
async function expectHarmless(page: Page, strays: readonly string[]): Promise<void> {
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    return {
      pwned: 'pwned' in window ? String(window.pwned) : '',
      handlers: all.flatMap((element) => [...element.attributes].filter(({ name }) => name.startsWith('on')).map(({ name, value }) => `${element.tagName} ${name}=${value}`)),
      addresses: all.flatMap((element) =>
        ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc'].flatMap((name) => {
          const value = element.getAttribute(name);
          return value !== null && /^[\s\u0000-\u001f]*(javascript|vbscript|data:text)/i.test(value.replaceAll(/[\t\n\r]/g, '')) ? [`${element.tagName} ${name}=${value}`] : [];
        }),
      ),
      elements: all.filter((element) => /^(object|embed|base|frame)$/i.test(element.tagName)).map((element) => element.outerHTML),
      // Frames stand in text panels alone, and all of them are shut.
      frames: all
        .filter((element) => element.tagName === 'IFRAME')
        .filter((element) => element.getAttribute('sandbox') !== '' || element.hasAttribute('srcdoc') || !element.closest('[data-panel-type="text"] .markdown-html'))
        .map((element) => element.outerHTML),
      images: all.filter((element) => element.tagName !== 'IFRAME' && /^https?:/.test(element.getAttribute('src') ?? '') && !element.getAttribute('src')?.startsWith(location.origin)).map((element) => `${element.closest('[data-panel-id]')?.getAttribute('data-panel-type')}: ${element.parentElement?.outerHTML.slice(0, 300)}`),
      scripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).map((script) => script.outerHTML),
    };
  });
  expect(found).toEqual({ pwned: '', handlers: [], addresses: [], elements: [], frames: [], images: [], scripts: [] });
  expect(strays).toEqual([]);
}

// Presses whatever a person might press on it, without leaving the page.
async function touch(page: Page, id: number): Promise<void> {
  const panel = page.locator(`[data-panel-id="${id}"]`).first();
  await panel.scrollIntoViewIfNeeded();
  await expect(panel).not.toHaveAttribute('data-panel-state', 'loading', { timeout: 30_000 });
  const box = await panel.boundingBox();
  if (!box) return;
  for (const part of [0.3, 0.5, 0.7, 0.9]) await page.mouse.move(box.x + box.width * part, box.y + box.height * 0.6);
}

const PAGES = [
  '/',
  '/dashboards',
  '/dashboards/f/hostile-folder',
  `/dashboards?query=${encodeURIComponent(NAME)}&tag=${encodeURIComponent(NAME)}`,
  '/playlists',
  '/dashboard/snapshots',
  '/dashboard/import',
  '/dashboard/generate',
  '/org',
  '/org/users',
  '/org/teams',
  '/org/serviceaccounts',
  '/admin/users',
  '/admin/orgs',
  '/admin/provisioning',
  `/admin/settings?query=${encodeURIComponent(NAME)}`,
  '/profile',
  `/nowhere/${encodeURIComponent(NAME)}`.replace('/nowhere', '/dashboard/nowhere'),
  '/d/hostile?editview=settings',
  '/d/hostile?editview=templating',
  '/d/hostile?editview=annotations',
  '/d/hostile?editview=links',
  '/d/hostile?editview=versions',
  '/d/hostile?editview=json-model',
  '/d/hostile?editPanel=4',
  '/d/hostile?editPanel=10',
  '/d/hostile?inspect=10',
  `/d/hostile?viewPanel=4&var-text=${encodeURIComponent(HTML)}&var-pick=${encodeURIComponent(NAME)}`,
  `/explore?panes=${encodeURIComponent(JSON.stringify({ a: { datasource: NAME, queries: [{ refId: 'A', expr: NAME }], range: { from: 'now-1h', to: 'now' } } }))}`,
];

for (const [policy, settings] of [
  ['without a policy', {}],
  ['with the policy', { GF_SECURITY_CONTENT_SECURITY_POLICY: 'true' }],
] as const) {
  test.describe(policy, () => {
    let service: Running;
    let made: { snapshot: string };
    test.beforeAll(async ({ demo }) => {
      service = await demo.startDashboards({ ...settings });
      made = await prepare(service.url);
    });
    test.afterAll(async () => service.stop());
    test.beforeEach(async ({ page, watch }) => {
      // The page of an unknown address, the expression that is none, a sign-in that is not there yet.
      for (const status of [400, 401, 404]) watch.tolerate(status, service.url);
      // What the framed page tries is refused, and the browser says so.
      watch.tolerate(200, FRAME);
      await page.route(FRAME, (route) => route.fulfill({ contentType: 'text/html', body: FRAME_PAGE }));
      await page.goto(`${service.url}/login`);
      expect((await page.request.get(`${service.url}/login`)).headers()['content-security-policy'] !== undefined).toBe(policy === 'with the policy');
      await enter(page);
      await expect(page.getByRole('heading', { name: /^Welcome/ })).toBeVisible();
    });

    test('a dashboard of hostile names, texts, links and labels is only read', async ({ page, shoot }) => {
      test.setTimeout(120_000);
      const strays = watchOut(page, service.url);
      await page.goto(`${service.url}/d/hostile`);
      await expect(page.locator('[data-panel-id="1"]')).toBeVisible();
      for (let id = 1; id <= 22; id += 1) await touch(page, id);
      await expectHarmless(page, strays);
      await shoot(`hostile-${policy.replaceAll(' ', '-')}`);
      // The names are there, as text.
      await page.evaluate(() => window.scrollTo(0, 0));
      await expect(page.getByText('timeseries <img src=', { exact: false }).first()).toBeAttached();
      // A text panel keeps what is harmless of it.
      await touch(page, 2);
      await expect(page.locator('[data-panel-id="2"]').getByText('html link')).toBeAttached();
      // The frame is there; with the policy it shows nothing.
      await page.locator('[data-panel-id="2"] iframe').scrollIntoViewIfNeeded();
      if (policy === 'without a policy') {
        const framed = page.locator('[data-panel-id="2"]').frameLocator('iframe');
        await expect(framed.getByText('Framed')).toBeVisible();
        await framed.getByRole('button', { name: 'Send' }).click();
        await expectHarmless(page, strays);
      }
      // Links are pressed: of a text, of the dashboard, of a panel, of a value.
      for (const name of ['markdown link', 'html link', 'broken link', 'data link', 'Send']) {
        for (const one of await page.getByText(name, { exact: true }).all()) await one.click({ force: true, modifiers: ['Shift'], noWaitAfter: true, timeout: 5000 });
      }
      await expect(page.getByRole('navigation', { name: 'Links of the dashboard' }).getByRole('link')).toHaveCount(LINKS.length);
      for (const id of [5, 10]) {
        const panel = page.locator(`[data-panel-id="${id}"]`).first();
        await panel.scrollIntoViewIfNeeded();
        await panel.getByText('three').first().click({ force: true, timeout: 5000 });
        await expectHarmless(page, strays);
        await page.keyboard.press('Escape');
      }
      // Links of this one's heading, and those that its first cell is made of, some of them beyond its edge.
      await touch(page, 14);
      const links = await page.locator('[data-panel-id="14"] a').all();
      expect(links.length).toBeGreaterThan(LINKS.length);
      for (const link of links.slice(0, 2 * LINKS.length)) await link.dispatchEvent('click', { shiftKey: true });
      await expectHarmless(page, strays);
    });

    test('so are the pages around it', async ({ page }) => {
      test.setTimeout(180_000);
      const strays = watchOut(page, service.url);
      for (const path of [...PAGES, `/dashboard/snapshot/${made.snapshot}`]) {
        await test.step(path.slice(0, 60), async () => {
          await page.goto(service.url + path);
          await expect(page.locator('h1').first()).toBeAttached();
          await expect(page.locator('.state-loading')).toHaveCount(0, { timeout: 20_000 });
          await page.waitForLoadState('networkidle').catch(() => {});
          await expectHarmless(page, strays);
        });
      }
      // Whoever is named so, and the way to the sign-in page that would lead elsewhere.
      await page.goto(`${service.url}/logout`);
      await page.goto(`${service.url}/login?redirectTo=${encodeURIComponent('javascript:window.pwned=1')}`);
      await enter(page, { user: NAME, password: 'hostile-1234' });
      await expect(page.getByRole('heading', { name: /^Welcome, <img/ })).toBeVisible();
      await page.getByTestId('user-menu').click();
      await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
      await expectHarmless(page, strays);
      expect(strays.filter((url) => url.startsWith(ELSEWHERE))).toEqual([]);
    });
  });
}
