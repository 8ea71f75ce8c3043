// Playwright's test, with the demo running and a page that forgives nothing it was not told to forgive.
import path from 'node:path';

import { expect, test as base, type Page } from '@playwright/test';

import { startDemo, type Demo } from './demo';

export { expect };

interface Watch {
  // Allows answers of this HTTP status at addresses that hold `part`.
  tolerate: (status: number, part: string) => void;
}

interface TestFixtures {
  watch: Watch;
  // Saves what the page shows as `<name>.png`.
  shoot: (name: string) => Promise<void>;
}

interface WorkerFixtures {
  demo: Demo;
}

interface Tolerance {
  status: number;
  part: string;
}

function watchPage(page: Page, tolerances: readonly Tolerance[]): string[] {
  const faults: string[] = [];
  const isTolerated = (url: string, status?: number) =>
    tolerances.some((entry) => url.includes(entry.part) && (status === undefined || entry.status === status));

  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !isTolerated(url)) faults.push(`console: ${message.text()} (${url})`);
  });
  page.on('response', (response) => {
    const status = response.status();
    if (status >= 400 && !isTolerated(response.url(), status)) faults.push(`HTTP ${status}: ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown';
    // A page that is left, or a newer query, gives up older requests on purpose.
    if (reason !== 'net::ERR_ABORTED') faults.push(`${reason}: ${request.url()}`);
  });
  return faults;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  demo: [
    // Playwright reads the fixtures that this one needs from the pattern: none.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const demo = await startDemo(process.env.NARTHEX_BIN ?? '');
      await use(demo);
      await demo.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  watch: [
    async ({ page }, use) => {
      const tolerances: Tolerance[] = [];
      const faults = watchPage(page, tolerances);
      await use({ tolerate: (status, part) => tolerances.push({ status, part }) });
      expect(faults, 'errors in the console, failed requests').toEqual([]);
    },
    { auto: true },
  ],
  shoot: async ({ page }, use, testInfo) => {
    const folder: unknown = testInfo.config.metadata['screens'];
    await use(async (name) => {
      const file = path.join(String(folder), `${name}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
      await testInfo.attach(name, { path: file, contentType: 'image/png' });
    });
  },
});
