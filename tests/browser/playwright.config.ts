import path from 'node:path';

import { defineConfig } from '@playwright/test';

const out = process.env.NARTHEX_BROWSER_OUT ?? path.resolve(__dirname, '../../build/browser');

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
// The same engine without the windows around its pages, which cost more than the pages themselves.
const HEADLESS_SHELL = process.env.CHROMIUM_HEADLESS_SHELL ?? CHROMIUM;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

const MEASURED = /\/budgets\.spec\.ts$/;
const CORPUS = /\/corpus\.spec\.ts$/;
const PROGRAM = /\/(control|dashboards|hostile|live|native|public|roles|server|sub_path)\.spec\.ts$/;

export default defineConfig({
  testDir: __dirname,
  outputDir: path.join(out, 'results'),
  metadata: { screens: path.join(out, 'screens') },
  workers: 2,
  projects: [
    // Over a stand-in for the back end, one for each worker.
    { name: 'pages', testIgnore: [PROGRAM, CORPUS, MEASURED], use: { launchOptions: { executablePath: HEADLESS_SHELL, args: ARGUMENTS } } },
    { name: 'corpus', testMatch: CORPUS, use: { launchOptions: { executablePath: HEADLESS_SHELL, args: ARGUMENTS } } },
    // Alone, and in the browser that people have.
    { name: 'measured', testMatch: MEASURED, workers: 1 },
    // Over the real program: its services are shared by all tests and know one set of users and settings.
    { name: 'program', testMatch: PROGRAM, workers: 1 },
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
    launchOptions: { executablePath: CHROMIUM, args: ARGUMENTS },
  },
});
