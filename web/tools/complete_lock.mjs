// Completes package-lock.json after `npm install`: node tools/complete_lock.mjs [--check]
//
// Native tools come as one optional package per platform. npm drops from the lock those that the registry
// at hand does not carry, and then `npm ci` refuses the lock as out of step - here and everywhere else.
// This writes an entry for each one that is missing: the exact version, and the platform it is for, so
// that npm neither looks for it nor installs it elsewhere. With --check it only reports, and fails.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOCK = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const CPUS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32'];
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];

/** The platform in a package's name: "binding-linux-arm64-musl" is linux, arm64, musl. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = CPUS.find((one) => words.includes(one)) ?? (words.includes('universal') ? undefined : 'unknown');
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined;
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && libc ? { libc: [libc] } : {}),
    optional: true,
    ...(os ? { os: [os] } : {}),
  };
}

const lock = JSON.parse(fs.readFileSync(LOCK, 'utf8'));
const has = (owner, name) =>
  owner
    .split(/(?=\/node_modules\/)/)
    .map((_, index, parts) => parts.slice(0, index + 1).join(''))
    .some((path) => `${path}/node_modules/${name}` in lock.packages) || `node_modules/${name}` in lock.packages;

const missing = Object.entries(lock.packages).flatMap(([owner, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !has(owner, name))
    .map(([name, version]) => ({ name, version, isDev: entry.dev === true, owner })),
);

for (const { name, version, owner } of missing) console.log(`${name} ${version} (of ${owner})`);
const floating = missing.filter(({ version }) => !/^\d/.test(version));
if (floating.length > 0) {
  console.error('complete_lock.mjs: the versions above that are no exact ones have to be installed, not written down');
  process.exit(1);
}
if (process.argv.includes('--check')) {
  if (missing.length > 0) console.error('complete_lock.mjs: run node tools/complete_lock.mjs');
  process.exit(missing.length > 0 ? 1 : 0);
}
for (const { name, version, isDev } of missing) {
  lock.packages[`node_modules/${name}`] = { version, ...(isDev ? { dev: true } : {}), ...platformOf(name) };
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
fs.writeFileSync(LOCK, JSON.stringify(lock, null, 2) + '\n');
