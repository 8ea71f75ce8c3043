// Tests over the built pages and the stand-in for the services behind them; skipped where there are no pages, but
// for CI, where there must be.
import { expect, test as base } from '@playwright/test';

import { hasPages, signInTo, startStandIn, type StandIn } from './stand_in';

export { expect };

const isLeftOut = !hasPages() && process.env.CI !== 'true';
const NONE: StandIn = { url: '', stop: async () => {} };

/** One stand-in for all tests of a worker. */
export const standInTest = base.extend<{ skipWithoutPages: void }, { standIn: StandIn }>({
  standIn: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const standIn = isLeftOut ? NONE : await startStandIn();
      await use(standIn);
      await standIn.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  skipWithoutPages: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use, testInfo) => {
      testInfo.skip(isLeftOut, 'the pages are not built');
      await use();
    },
    { auto: true },
  ],
});

/** And a person who is signed in, whose browser must have nothing to complain of. */
export const test = standInTest.extend<{ faults: string[] }>({
  faults: [
    // The skipping comes first.
    async ({ page, context, standIn, skipWithoutPages: _first }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
      page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
      await signInTo(standIn, context);
      await use(faults);
      expect(faults, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});
