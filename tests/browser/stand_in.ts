// The built dashboards pages over a stand-in for the back end: made-up data, dashboards from a folder.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import type { BrowserContext } from '@playwright/test';

import { freePort } from './free_port';

const WEB = path.resolve(__dirname, '../../web');
const APP = path.join(WEB, 'apps/dash');
const READY_WITHIN_MS = 30_000;

export interface StandIn {
  // Its address, without a slash at its end.
  url: string;
  stop: () => Promise<void>;
}

// True where the pages have been built.
export const hasPages = (): boolean => fs.existsSync(path.join(APP, 'dist/index.html'));

async function awaitAnswer(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > until) throw new Error(`the stand-in does not answer at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function startStandIn(dashboards = ''): Promise<StandIn> {
  const port = await freePort();
  const vite = path.join(WEB, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'preview', '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
    cwd: APP,
    stdio: 'ignore',
    env: { ...process.env, NARTHEX_DASHBOARDS: dashboards },
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  };
  try {
    await awaitAnswer(`${url}/login`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

export async function signInTo(standIn: StandIn, context: BrowserContext): Promise<void> {
  await context.addCookies([{ name: 'grafana_session', value: 'fake', url: standIn.url }]);
}
