// Fails when a front end's first page load has grown beyond its budget.
//
//   node budget.mjs DIST LIMIT_KIB
//
// Counted: the scripts that index.html loads or preloads, each as brotli at its best quality, as
// the release build serves them.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [dist, limitText] = process.argv.slice(2);
const limitKib = Number(limitText);
if (!dist || !(limitKib > 0)) {
  console.error('usage: node budget.mjs DIST LIMIT_KIB');
  process.exit(2);
}

function brotliSize(file) {
  const body = fs.readFileSync(file);
  const { BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  return zlib.brotliCompressSync(body, { params: { [BROTLI_PARAM_SIZE_HINT]: body.length } }).length;
}

const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8');
const addresses = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => match[1]);
if (addresses.length === 0) {
  console.error(`budget.mjs: ${dist}/index.html loads no script`);
  process.exit(1);
}

// Where the page lies behind a fixed path, that path is not part of the dist folder's layout.
function locate(address) {
  const parts = address.replace(/^\.?\//, '').split('/');
  for (let skip = 0; skip < parts.length; skip += 1) {
    const candidate = path.join(dist, ...parts.slice(skip));
    if (fs.existsSync(candidate)) return candidate;
  }
  console.error(`budget.mjs: ${address} is not in ${dist}`);
  return process.exit(1);
}

let total = 0;
for (const address of new Set(addresses)) {
  const size = brotliSize(locate(address));
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB  ${address}`);
}
const totalKib = total / 1024;
console.log(`${totalKib.toFixed(1).padStart(8)} KiB  initial script, budget ${limitKib} KiB`);
process.exit(totalKib > limitKib ? 1 : 0);
