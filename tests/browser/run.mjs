// Runs the browser tests with Playwright from web/node_modules. Exit status 77: something is missing.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SKIPPED = 77;
const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.resolve(here, '../../web/node_modules');
const playwright = path.join(modules, '@playwright/test/cli.js');
const binary = process.env.NARTHEX_BIN ?? path.resolve(here, '../../build/release/bin/narthex');
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const shell = process.env.CHROMIUM_HEADLESS_SHELL ?? '/usr/bin/chromium-headless-shell';

const missing = [
  [playwright, 'Playwright: run `npm ci` in web/'],
  [chromium, 'Chromium: install the Debian package chromium, or name one with CHROMIUM'],
  [binary, 'the program: build it, or name it with NARTHEX_BIN'],
].filter(([file]) => !fs.existsSync(file));

if (missing.length > 0) {
  for (const [file, remedy] of missing) console.error(`browser tests: ${file} is missing, ${remedy}`);
  process.exit(process.env.CI === 'true' ? 1 : SKIPPED);
}

const { status } = spawnSync(
  process.execPath,
  [playwright, 'test', '--config', path.join(here, 'playwright.config.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    // The tests lie outside of web/, where Node.js would not look for its packages.
    env: { ...process.env, NODE_PATH: modules, NARTHEX_BIN: path.resolve(binary), CHROMIUM: chromium, CHROMIUM_HEADLESS_SHELL: fs.existsSync(shell) ? shell : chromium },
  },
);
process.exit(status ?? 1);
