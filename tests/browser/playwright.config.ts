import path from 'node:path';

import { defineConfig } from '@playwright/test';

const out = process.env.NARTHEX_BROWSER_OUT ?? path.resolve(__dirname, '../../build/browser');

// Over the real program; the others are over a stand-in for the back end.
const PROGRAM = /\/(control|dashboards|hostile|live|native|public|roles|server|sub_path)\.spec\.ts$/;

export default defineConfig({
  testDir: __dirname,
  outputDir: path.join(out, 'results'),
  metadata: { screens: path.join(out, 'screens') },
  // The services are shared by all tests and know one set of users and settings.
  workers: 1,
  projects: [
    { name: 'pages', testIgnore: PROGRAM },
    { name: 'program', testMatch: PROGRAM },
  ],
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI === 'true',
  reporter: [['list'], ['junit', { outputFile: path.join(out, 'junit.xml') }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1600, height: 1000 },
    deviceScaleFactor: 1,
    timezoneId: 'UTC',
    locale: 'en-US',
    // Recording slows every step down severalfold: only for who looks for a fault.
    trace: process.env.NARTHEX_BROWSER_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--font-render-hinting=none',
      ],
    },
  },
});
