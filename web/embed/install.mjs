// Brings node_modules to what package-lock.json says, with `npm ci`, if it is not that already.
//
//   node install.mjs WEB_DIR [--npm NPM]
//
// Compares contents, not times: a fresh checkout of the same lock file costs nothing.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { npm: { type: 'string', default: 'npm' } },
});
const [web] = positionals;
if (!web) {
  console.error('usage: node install.mjs WEB_DIR [--npm NPM]');
  process.exit(2);
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

// A package that is optional may be missing: it is for another platform.
function isUpToDate() {
  const wanted = readPackages(path.join(web, 'package-lock.json'));
  const installed = readPackages(path.join(web, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([where, entry]) => {
    if (!where.includes('node_modules/') || entry.optional) return true;
    if (entry.link) return fs.existsSync(path.join(web, where));
    return installed[where]?.version === entry.version && fs.existsSync(path.join(web, where));
  });
}

/**
 * npm run by this Node.js, not by the one its first line names: npm leaves out the native parts of packages
 * that the Node.js it runs on is too old for.
 */
function npmCommand() {
  const npm = path.isAbsolute(values.npm) ? fs.realpathSync(values.npm) : values.npm;
  return npm.endsWith('.js') ? [process.execPath, npm] : [npm];
}

if (isUpToDate()) process.exit(0);
const [program, ...first] = npmCommand();
const { status, error } = spawnSync(program, [...first, 'ci', '--no-audit', '--no-fund'], {
  cwd: web,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
  },
});
if (error) console.error(`install.mjs: cannot run ${values.npm}: ${error.message}`);
process.exit(status ?? 1);
