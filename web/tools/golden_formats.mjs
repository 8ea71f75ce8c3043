// Writes down how Grafana's own scenes package formats the values of variables, for tests to compare ours with.
//
//   npm pack @grafana/scenes@9.2.2 && tar xzf grafana-scenes-9.2.2.tgz     anywhere outside of the project
//   node tools/golden_formats.mjs <the folder `package` of it>             in web/, after `npm ci`
//
// The package (Apache-2.0) does not install beside the ones the pages use; its table of formats alone runs by itself.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('name the folder of the package');
globalThis.navigator ??= { userAgent: 'node', language: 'en-US', languages: ['en-US'] };
process.env.TZ = 'UTC';
const require = createRequire(import.meta.url);
const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));

// Of the package's own registry, which needs no browser, only what the formats read.
const data = require('@grafana/data');
const { VariableFormatID } = require('@grafana/schema');
const lodash = require('lodash');
globalThis.window ??= {};
const source = fs.readFileSync(path.join(folder, 'dist/esm/variables/interpolation/formatRegistry.js'), 'utf8');
const body = source.replace(/^import .*$/gm, '').replace(/^export .*$/gm, '');
const formatRegistry = vm.runInNewContext(`(() => {${body}\nreturn formatRegistry;})()`, {
  ...lodash,
  ...data,
  VariableFormatID,
  t: (_id, text) => text,
  encodeURIComponent,
  isArray: Array.isArray,
  location: { search: '' },
});

const VALUES = ['', 'plain', 'a.b', 'a b', "it's", 'say "hi"', 'back\\slash', 'a|b', 'a,b', '{x}', '<i>&</i>', '100%', 'ü/ö', '(1+2)*3=~[4]?', '2026-01-02', [], ['one'], ['a.b'], ['a', 'b'], ['a.b', "c'd", 'e"f'], ['a,b', 'c|d', '{e}'], ['x\\y', 'z w', '1/2']];
const PLAIN = ['csv', 'distributed', 'doublequote', 'glob', 'html', 'json', 'lucene', 'percentencode', 'pipe', 'raw', 'regex', 'singlequote', 'sqlstring', 'uriencode', 'join', 'join:;', 'queryparam', 'customqueryparam', 'customqueryparam:p', 'customqueryparam:p:x-'];
const MOMENTS = ['0', '1500', '1767348123456', '1782864245006', 'not a time'];
const DATES = ['date', 'date:iso', 'date:ms', 'date:seconds', 'date:YYYY-MM', 'date:YYYY-MM-DD HH:mm:ss', 'date:YYYY-MM-DD[T]HH:mm:ss.SSS', 'date:D.M.YY', 'date:MMM MMMM', 'date:ddd dddd', 'date:h A hh a', 'date:x X', 'date:Q DDD DDDD Do', 'date:E d dd W WW', 'date:H m s S SS Z ZZ'];
const TEXTS = [['text', 'plain', 'Plain'], ['text', ['a', 'b'], ['A', 'B']], ['text', ['a'], ['A']]];

const answer = (format, value, text) => {
  const [id, ...args] = format.split(':');
  const variable = { state: { name: 'var', value, text }, getValueText: () => (Array.isArray(text) ? text.join(' + ') : text), getValue: () => value, urlSync: { getUrlState: () => ({ 'var-var': value }) } };
  return formatRegistry.get(id).formatter(value, args, variable);
};
const rows = [
  ...PLAIN.flatMap((format) => VALUES.map((value) => [format, value, value, answer(format, value, value)])),
  ...DATES.flatMap((format) => MOMENTS.map((value) => [format, value, value, answer(format, value, value)])),
  ...TEXTS.map(([format, value, text]) => [format, value, text, answer(format, value, text)]),
];
const target = path.join(web, 'packages/vars/tests/golden/formats.json');
fs.mkdirSync(path.dirname(target), { recursive: true });
fs.writeFileSync(target, `{"package": "@grafana/scenes ${version}",\n"rows": [\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`);
console.log(`${target}: ${rows.length} rows`);
