// Tests over the built pages and the stand-in for the services behind them.
import { expect, test as base } from '@playwright/test';

import { signInTo, startStandIn, type StandIn } from './stand_in';

export { expect };

/** One stand-in for all tests of a worker. */
export const standInTest = base.extend<object, { standIn: StandIn }>({
  standIn: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const standIn = await startStandIn();
      await use(standIn);
      await standIn.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** And a person who is signed in, whose browser must have nothing to complain of. */
export const test = standInTest.extend<{ faults: string[] }>({
  faults: [
    async ({ page, context, standIn }, use) => {
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
