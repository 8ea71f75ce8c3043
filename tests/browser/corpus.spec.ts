// Every dashboard of the conformance corpus opens: no exception, nothing in the console, no panel in error.
import fs from 'node:fs';
import path from 'node:path';

import { expect, test, type BrowserContext, type Page } from '@playwright/test';

import { hasPages, signInTo, startStandIn, type StandIn } from './stand_in';

const corpus = path.join(process.env.NARTHEX_CONFORMANCE ?? path.resolve(__dirname, '../../../shared/conformance'), 'dashboards');
const isRequired = process.env.CI === 'true';
const PAGES_AT_ONCE = 4;
// Tall enough that every panel is near the window, so that none waits for being scrolled to.
const WINDOW = { width: 1600, height: 9000 };

// Pictures and traces of pages this tall cost more than all the rest.
test.use({ trace: 'off', screenshot: 'off' });

interface Shown {
  type: string;
  state: string;
  title: string;
  text: string;
}

interface Opened {
  file: string;
  panels: Shown[];
  faults: string[];
}

function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text().slice(0, 400)}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  return faults;
}

async function panelsOf(page: Page): Promise<Shown[]> {
  return page.locator('[data-panel-id]').evaluateAll((elements) =>
    elements.map((element) => ({
      type: element.getAttribute('data-panel-type') ?? '',
      state: element.getAttribute('data-panel-state') ?? '',
      title: element.querySelector('h2')?.textContent ?? '',
      text: (element.textContent ?? '').slice(0, 200),
    })),
  );
}

// Panels load when they come near the window: those below it are brought there.
async function awaitPanels(page: Page): Promise<void> {
  const loading = page.locator('[data-panel-state="loading"]');
  await expect
    .poll(
      async () => {
        await loading.last().evaluate((element) => element.scrollIntoView(), undefined, { timeout: 500 }).catch(() => {});
        return loading.count();
      },
      { timeout: 60_000, intervals: [100, 200, 500] },
    )
    .toBe(0);
  // Data are there; the code that draws them may still be on its way.
  await expect(page.locator('.panel-pending')).toHaveCount(0, { timeout: 30_000 });
}

async function open(page: Page, url: string, file: string): Promise<Opened> {
  const faults = watch(page);
  await page.goto(`${url}/d/${path.basename(file, '.json')}?from=now-1h&to=now&refresh=`);
  await page.locator('main.dashboard, .state-error').first().waitFor({ timeout: 30_000 });
  await expect(page.locator('.state-loading')).toHaveCount(0, { timeout: 30_000 });
  // Folded rows hold panels too. Each click takes its button out of the list.
  const folded = page.locator('.row-heading button[aria-expanded="false"]');
  while (await folded.count()) await folded.first().click();
  await awaitPanels(page);
  // What is drawn a frame after its data, or on a timer, shows its faults now or never.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))));
  const panels = await panelsOf(page);
  for (const { type, state, title, text } of panels) {
    if (state === 'error') faults.push(`${type} "${title}" is in error: ${text}`);
    if (text.includes('could not be drawn')) faults.push(`${type} "${title}": ${text}`);
  }
  if (await page.locator('.state-error').count()) faults.push(`page: ${await page.locator('.state-error').first().innerText()}`);
  return { file, panels, faults };
}

async function openAll(context: BrowserContext, { url }: StandIn, files: string[]): Promise<Opened[]> {
  const opened: Opened[] = [];
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const page = await context.newPage();
      const name = file;
      const result = await open(page, url, name).catch((error: Error) => ({ file: name, panels: [], faults: [error.message.slice(0, 500)] }));
      opened.push(result);
      await page.close();
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, worker));
  return opened;
}

function countsByType(opened: readonly Opened[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { type, state } of opened.flatMap(({ panels }) => panels)) {
    const byState = (counts[type] ??= {});
    byState[state] = (byState[state] ?? 0) + 1;
  }
  return counts;
}

test('every dashboard of the corpus opens without a fault', async ({ browser }, testInfo) => {
  test.skip(!isRequired && !hasPages(), 'the pages are not built');
  test.skip(!isRequired && !fs.existsSync(corpus), `there is no corpus at ${corpus}; NARTHEX_CONFORMANCE names one`);
  test.setTimeout(600_000);
  const wanted = process.env.NARTHEX_CORPUS_FILES?.split(',');
  const files = fs
    .readdirSync(corpus)
    .filter((file) => file.endsWith('.json') && file !== 'INDEX.json')
    .filter((file) => !wanted || wanted.some((part) => file.includes(part)));
  const standIn = await startStandIn(corpus);
  try {
    const context = await browser.newContext({ viewport: WINDOW, timezoneId: 'UTC', locale: 'en-US' });
    await signInTo(standIn, context);
    const opened = await openAll(context, standIn, files);
    const report = { files: files.length, faultless: opened.filter(({ faults }) => faults.length === 0).length, panels: countsByType(opened) };
    const file = path.join(String(testInfo.config.metadata['screens']), '..', 'corpus.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ ...report, opened }, null, 1));
    await testInfo.attach('corpus', { path: file, contentType: 'application/json' });
    expect(opened.flatMap(({ file: name, faults }) => faults.map((fault) => `${name}: ${fault}`))).toEqual([]);
  } finally {
    await standIn.stop();
  }
});
