// Writes down what @grafana/data itself answers, for tests to compare ours with.
//
//   node tools/golden.mjs           in web/, after `npm ci`
//
// The package is the one the lock file names; its version stands in each table. To be run, and its differences to
// be read, whenever that version changes.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// The package looks at it while it is loaded, and Node.js 20 has none.
globalThis.navigator ??= { userAgent: 'node', language: 'en-US', languages: ['en-US'] };
process.env.TZ = 'UTC';

const data = createRequire(import.meta.url)('@grafana/data');
// Only now: with it at loading time, other packages look for a whole browser.
globalThis.window ??= {};
const { version } = JSON.parse(fs.readFileSync(path.join(web, 'node_modules/@grafana/data/package.json'), 'utf8'));

function write(file, rows) {
  const target = path.join(web, 'packages', file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const lines = rows.map((row) => JSON.stringify(row));
  fs.writeFileSync(target, `{"package": "@grafana/data ${version}",\n"rows": [\n${lines.join(',\n')}\n]}\n`);
  console.log(`${target}: ${rows.length} rows`);
}

/** JSON has no NaN and no infinity. */
const plain = (value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value === undefined ? 'undefined' : value);

// Each unit, with values around its steps.
const VALUES = [0, 1, -1, 0.00123, 12.345, 999.95, 1024, 123_456.789, 98_765_432_100];
const units = data.getValueFormats().flatMap(({ submenu }) => submenu ?? []).map(({ value }) => value);
const shown = (unit, value, decimals) => {
  const processor = data.getDisplayProcessor({ field: { type: data.FieldType.number, config: { unit, ...(decimals === undefined ? {} : { decimals }) } }, theme: data.createTheme(), timeZone: 'utc' });
  return data.formattedValueToString(processor(value));
};
// What counts from now on answers differently at every moment.
const WRITTEN = ['suffix:each', 'prefix:~', 'time:YYYY-MM-DD HH:mm', 'si:mF', 'si:km', 'count:jobs', 'currency:EUR', 'currencyUSD:2', 'bool:yes/no', 'widgets'];
const steady = [...new Set([...units, ...WRITTEN])].filter((unit) => unit && unit !== 'dateTimeFromNow');
write('frames/tests/golden/units.json', steady.flatMap((unit) => [undefined, 0, 2, 5].map((decimals) => [unit, decimals ?? null, VALUES.map((value) => shown(unit, value, decimals))])));

// Each reducer over columns that have something to trip over.
const COLUMNS = [[], [1], [1, 2, 3, 4], [3, null, 1, null], [null, null], [0, 0, 0], [5, 4, 1, 2], [1.5, 2.5, 2.5, -4, 100], [10, 12, 3, 7], [1, 'NaN', 3]];
const numeric = (column) => column.map((one) => (one === 'NaN' ? NaN : one));
const reducers = data.fieldReducers.list().map(({ id }) => id);
const reduced = (id, column) => data.reduceField({ field: { name: 'v', type: data.FieldType.number, config: {}, values: numeric(column) }, reducers: [id] })[id];
const flat = (value) => (Array.isArray(value) ? value.map(plain) : plain(value));
write('frames/tests/golden/reducers.json', reducers.map((id) => [id, COLUMNS.map((column) => [column, flat(reduced(id, column))])]));

// Rounding of steps, from milliseconds to years, and steps of ranges.
const STEPS = Array.from({ length: 220 }, (_, index) => Math.round(1.13 ** index * 3));
write('timeutil/tests/golden/rounding.json', STEPS.map((ms) => [ms, data.rangeUtil.roundInterval(ms)]));
const RANGES_MS = [60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000];
const range = (ms) => ({ from: data.dateTime(0), to: data.dateTime(ms), raw: { from: '', to: '' } });
write(
  'timeutil/tests/golden/intervals.json',
  RANGES_MS.flatMap((ms) => [100, 600, 1500].flatMap((points) => ['1s', '15s', '1m', '1h'].map((least) => [ms, points, least, data.rangeUtil.calculateInterval(range(ms), points, least)]))),
);
write('timeutil/tests/golden/durations.json', ['1ms', '500ms', '1s', '30s', '1m', '5m', '90m', '1h', '1d', '1w', '1M', '1y'].map((text) => [text, data.rangeUtil.intervalToMs(text)]));

// Each transformation of the package over small frames; those that are ours alone have no counterpart.
const column = (name, type, values, labels) => ({ name, type, values, config: {}, ...(labels ? { labels } : {}) });
const SERIES = [
  { refId: 'A', fields: [column('Time', 'time', [1000, 2000, 3000]), column('Value', 'number', [1, 5, 3], { job: 'a', zone: 'x' })] },
  { refId: 'B', fields: [column('Time', 'time', [1000, 3000]), column('Value', 'number', [10, 30], { job: 'b', zone: 'x' })] },
];
const TABLES = [{ refId: 'A', fields: [column('host', 'string', ['n1', 'n2', 'n1', 'n3']), column('disk', 'string', ['sda', 'sda', 'sdb', 'sda']), column('used', 'number', [4, 2, 7, null])] }];
const CASES = [
  ['reduce', { reducers: ['max', 'mean'] }, SERIES],
  ['reduce', { mode: 'reduceFields', reducers: ['sum'] }, SERIES],
  ['reduce', { reducers: ['lastNotNull'], labelsToFields: true }, SERIES],
  ['filterFieldsByName', { include: { names: ['host', 'used'] } }, TABLES],
  ['filterFieldsByName', { exclude: { pattern: '^d' } }, TABLES],
  ['renameByRegex', { regex: '(.)ost', renamePattern: '$1-name' }, TABLES],
  ['filterByRefId', { include: 'B' }, SERIES],
  ['filterByValue', { type: 'include', match: 'any', filters: [{ fieldName: 'used', config: { id: 'greater', options: { value: 3 } } }] }, TABLES],
  ['filterByValue', { type: 'exclude', match: 'all', filters: [{ fieldName: 'host', config: { id: 'equal', options: { value: 'n1' } } }] }, TABLES],
  ['organize', { excludeByName: { disk: true }, indexByName: { used: 0, host: 1 }, renameByName: { used: 'GB' } }, TABLES],
  ['joinByField', { byField: 'Time', mode: 'outer' }, SERIES],
  ['joinByField', { byField: 'Time', mode: 'inner' }, SERIES],
  ['seriesToRows', {}, SERIES],
  ['concatenate', { frameNameMode: 'drop' }, SERIES],
  ['calculateField', { mode: 'reduceRow', reduce: { reducer: 'sum' } }, TABLES],
  ['calculateField', { mode: 'binary', binary: { left: 'used', operator: '*', right: '2' }, alias: 'twice' }, TABLES],
  ['calculateField', { mode: 'unary', unary: { operator: 'abs', fieldName: 'used' } }, TABLES],
  ['calculateField', { mode: 'cumulativeFunctions', cumulative: { field: 'used', reducer: 'sum' } }, TABLES],
  ['calculateField', { mode: 'index' }, TABLES],
  ['labelsToFields', { mode: 'columns' }, SERIES],
  ['labelsToFields', { mode: 'rows' }, SERIES],
  ['groupBy', { fields: { host: { operation: 'groupby', aggregations: [] }, used: { operation: 'aggregate', aggregations: ['sum', 'count'] } } }, TABLES],
  ['sortBy', { sort: [{ field: 'used', desc: true }] }, TABLES],
  ['merge', {}, SERIES],
  ['histogram', { bucketSize: 2 }, SERIES],
  ['convertFieldType', { conversions: [{ targetField: 'used', destinationType: 'string' }] }, TABLES],
  ['groupingToMatrix', { columnField: 'disk', rowField: 'host', valueField: 'used' }, TABLES],
  ['limit', { limitField: 2 }, TABLES],
  ['formatString', { stringField: 'host', outputFormat: 'Upper Case' }, TABLES],
  ['formatTime', { timeField: 'Time', outputFormat: 'mm:ss', useTimezone: false, timezone: 'utc' }, SERIES],
  ['transpose', {}, TABLES],
];
const byId = new Map(Object.values(data.standardTransformers).map((one) => [one.id, one]));
data.standardTransformersRegistry.setInit(() => [...byId.values()].map((info) => ({ id: info.id, name: info.name, transformation: async () => info, editor: () => null })));
const framesOf = (frames) => frames.map((frame) => ({ ...frame, length: frame.fields[0].values.length, fields: frame.fields.map((field) => ({ ...field, config: {}, values: [...field.values] })) }));
const told = (frames) => frames.map((frame) => frame.fields.map((field) => [data.getFieldDisplayName(field, frame, frames), field.type, field.values.map(plain)]));
const transformed = (id, options, frames) =>
  new Promise((resolve, reject) => void data.transformDataFrame([{ id, options }], framesOf(frames)).subscribe({ next: (out) => resolve(told(out)), error: reject }));
const rows = [];
for (const [id, options, frames] of CASES) rows.push([id, options, frames, await transformed(id, options, frames)]);
write('frames/tests/golden/transformations.json', rows);
