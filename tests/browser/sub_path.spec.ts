// The pages below a path of a reverse proxy, over the real program.
import type { Running } from './demo';
import { api, enter } from './person';
import { startReverseProxy, type ReverseProxy } from './reverse_proxy';
import { expect, test } from './watched_page';

const PANELS = [
  {
    id: 1,
    type: 'timeseries',
    title: 'Processor',
    gridPos: { x: 0, y: 0, w: 24, h: 8 },
    links: [{ title: 'Other one', url: '/d/test-dashboard' }],
    targets: [{ refId: 'A', expr: 'rate(process_cpu_seconds_total[10s])', interval: '1s' }],
  },
  { id: 2, type: 'text', title: '', gridPos: { x: 0, y: 8, w: 24, h: 4 }, options: { mode: 'markdown', content: '[In the text](d/test-dashboard)' } },
  { id: 3, type: 'dashlist', title: 'List', gridPos: { x: 0, y: 12, w: 24, h: 6 }, options: { showSearch: true, showStarred: false, maxItems: 10 } },
];

for (const [way, path] of [['keeps', '/grafana'], ['strips', '/grafana'], ['keeps', '/dashboards'], ['strips', '/some/where']] as const) {
  test.describe(`a reverse proxy that ${way} ${path}`, () => {
    let proxy: ReverseProxy;
    let service: Running;
    test.beforeAll(async ({ demo }) => {
      proxy = await startReverseProxy(path, way);
      service = await demo.startDashboards({ GF_SERVER_ROOT_URL: `${proxy.url}/`, GF_SERVER_SERVE_FROM_SUB_PATH: String(way === 'keeps') });
      proxy.passTo(service.url);
    });
    test.afterAll(async () => {
      await service.stop();
      await proxy.stop();
    });

    test('everything lies below it: sign-in, pages, files, links, live points', async ({ page, watch }) => {
      watch.tolerate(401, proxy.url);
      const { url } = proxy;
      await api(url, 'POST', '/api/dashboards/db', {
        dashboard: { uid: 'below', title: 'Below', schemaVersion: 41, refresh: '1d', time: { from: 'now-2m', to: 'now' }, panels: PANELS, links: [{ title: 'All of them', type: 'link', url: '/playlists', keepTime: true }] },
        overwrite: true,
      });
      const live = page.waitForResponse((response) => response.url().includes('/api/live/dashboards/below/events'));

      await page.goto(`${url}/d/below?from=now-5m&to=now`);
      await expect(page).toHaveURL(`${url}/login?redirectTo=%2Fd%2Fbelow%3Ffrom%3Dnow-5m%26to%3Dnow`);
      await enter(page);
      await expect(page).toHaveURL(new RegExp(`^${url}/d/below`));
      await expect(page.locator('[data-panel-id="1"]')).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
      const events = await live;
      expect(events.url()).toBe(`${url}/api/live/dashboards/below/events`);
      expect(events.status()).toBe(200);
      const plot = (): Promise<string> => page.locator('[data-panel-id="1"] canvas').first().evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''));
      const before = await plot();
      await expect.poll(plot, { timeout: 20_000 }).not.toBe(before);

      // Links: of the bar, the dashboard, the panel, a list; each leads below the path and loads no page anew.
      await page.evaluate(() => Object.assign(window, { isSame: true }));
      await expect(page.getByRole('link', { name: 'All of them' })).toHaveAttribute('href', new RegExp(`^${path}/playlists\\?from=now-5m&to=now$`));
      await expect(page.getByRole('link', { name: 'Other one' })).toHaveAttribute('href', `${path}/d/test-dashboard`);
      await page.locator('[data-panel-id="3"]').getByRole('link', { name: 'Test Dashboard' }).click();
      await expect(page).toHaveURL(new RegExp(`^${url}/d/test-dashboard/`));
      await expect(page.locator('[data-panel-id]').first()).toHaveAttribute('data-panel-state', 'done', { timeout: 30_000 });
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Dashboards' }).click();
      await expect(page).toHaveURL(`${url}/dashboards`);
      await page.getByRole('link', { name: /Below/ }).click();
      await expect(page).toHaveURL(`${url}/d/below/below`);
      expect(await page.evaluate(() => 'isSame' in window)).toBe(true);

      // Pages of their own, opened by their address; the editor's completion asks below the path, too.
      // A pair sent as one: its keys may not lie a second apart.
      await Promise.all([page.keyboard.press('g'), page.keyboard.press('e')]);
      await expect(page).toHaveURL(new RegExp(`^${url}/explore`));
      await page.getByRole('radio', { name: 'Code' }).check();
      const asked = page.waitForResponse((response) => response.url().includes('/resources/api/v1/'));
      await page.getByRole('textbox', { name: /expression|query/i }).first().click();
      await page.keyboard.type('process_');
      expect((await asked).url().startsWith(`${url}/api/`)).toBe(true);
      for (const inner of ['/admin/settings', '/playlists', '/dashboard/import', '/profile', '/dashboard/snapshots']) {
        await page.goto(url + inner);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      }
      await page.getByTestId('user-menu').click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await expect(page).toHaveURL(`${url}/login`);
      await page.goto(`${url}/`);
      await expect(page).toHaveURL(`${url}/login`);
      expect(proxy.strays).toEqual([]);
    });
  });
}
