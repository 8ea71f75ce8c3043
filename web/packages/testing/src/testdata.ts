// Answers in the place of the test data source that development dashboards use, scenario by scenario.
import { number, record, text, type AnyRecord } from '../../dashmodel/src/json';
import { hash, wave } from './waves';

interface Span {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

type Column = { name: string; type: string; values: unknown[]; labels?: Record<string, string>; config?: AnyRecord };

function frame(refId: unknown, columns: Column[], meta: AnyRecord = {}, name?: string): AnyRecord {
  return {
    schema: {
      refId,
      ...(name === undefined ? {} : { name }),
      meta,
      fields: columns.map(({ type, labels, config, ...column }) => ({ name: column.name, type, ...(labels ? { labels } : {}), config: config ?? {} })),
    },
    data: { values: columns.map(({ values }) => values) },
  };
}

function timesOf({ fromMs, toMs, stepMs }: Span): number[] {
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / stepMs) + 1) }, (_, index) => first + index * stepMs);
}

function labelsOf(value: unknown): Record<string, string> {
  return Object.fromEntries([...text(value).matchAll(/(\w+)\s*=\s*"?([^,"}]+)"?/g)].map(([, name = '', one = '']) => [name, one.trim()]));
}

function walk(query: AnyRecord, span: Span): AnyRecord[] {
  const times = timesOf(span);
  const count = Math.min(50, number(query['seriesCount'], 1));
  const size = number(query['startValue']) ?? 30 + (hash(text(query['refId'])) % 50);
  return Array.from({ length: count }, (_, index) => {
    const name = text(query['alias']) || `${text(query['refId'], 'A')}-series${count > 1 ? index : ''}`;
    const seed = `${name}${index}`;
    const values = times.map((time) => size * wave(seed, time / 1000));
    return frame(query['refId'], [
      { name: 'time', type: 'time', values: times },
      { name, type: 'number', values, labels: labelsOf(query['labels']) },
    ]);
  });
}

/** Values spread evenly over the range, as the scenario of the same name does. */
function csvValues(query: AnyRecord, { fromMs, toMs }: Span): AnyRecord[] {
  const parts = text(query['stringInput']).split(',').map((one) => one.trim());
  const cells = parts.filter((one) => one !== '');
  const type = columnType(cells, 'value');
  const values = cells.map((one) => cellValue(one, type));
  const step = values.length > 1 ? (toMs - fromMs) / (values.length - 1) : 0;
  const name = text(query['alias']) || `${text(query['refId'], 'A')}-series`;
  return [
    frame(query['refId'], [
      { name: 'time', type: 'time', values: values.map((_, index) => Math.round(fromMs + index * step)) },
      { name, type, values, labels: labelsOf(query['labels']) },
    ]),
  ];
}

function splitCsv(line: string): string[] {
  const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return cells.slice(0, line.endsWith(',') ? undefined : -1).map((cell) => cell.replace(/,$/, '').trim().replace(/^"|"$/g, '').replace(/""/g, '"'));
}

function columnType(cells: readonly string[], name: string): string {
  const filled = cells.filter((cell) => cell !== '' && cell !== 'null');
  if (filled.length > 0 && filled.every((cell) => !Number.isNaN(Number(cell)))) return /^time/i.test(name) ? 'time' : 'number';
  if (filled.length > 0 && filled.every((cell) => cell === 'true' || cell === 'false')) return 'boolean';
  if (filled.length > 0 && filled.every((cell) => /^\d{4}-\d\d-\d\d/.test(cell))) return 'time';
  return 'string';
}

function cellValue(cell: string | undefined, type: string): unknown {
  if (cell === undefined || cell === '' || cell === 'null') return null;
  if (type === 'number') return Number(cell);
  if (type === 'boolean') return cell === 'true';
  if (type === 'time') return /^\d+$/.test(cell) ? Number(cell) : Date.parse(cell);
  return cell;
}

export function csvFrame(refId: unknown, content: string): AnyRecord[] {
  const lines = content.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const [header, ...rows] = lines.map(splitCsv);
  if (!header) return [];
  const columns = header.map((name, index): Column => {
    const cells = rows.map((row) => row[index] ?? '');
    const type = columnType(cells, name);
    return { name, type, values: cells.map((cell) => cellValue(cell, type)) };
  });
  return [frame(refId, columns)];
}

function table(query: AnyRecord, span: Span): AnyRecord[] {
  const times = timesOf({ ...span, stepMs: Math.max(span.stepMs, (span.toMs - span.fromMs) / 20) });
  const values = times.map((time) => 50 * wave('table', time / 1000));
  return [
    frame(query['refId'], [
      { name: 'Time', type: 'time', values: times },
      { name: 'Value', type: 'number', values },
      { name: 'Min', type: 'number', values: values.map((value) => value * 0.9) },
      { name: 'Max', type: 'number', values: values.map((value) => value * 1.1) },
      { name: 'Info', type: 'string', values: times.map((_, index) => (index % 3 === 0 ? 'up' : 'up fast')) },
    ], {}, text(query['refId'], 'A')),
  ];
}

function logs(query: AnyRecord, span: Span): AnyRecord[] {
  const times = timesOf({ ...span, stepMs: (span.toMs - span.fromMs) / 30 });
  const levels = ['info', 'warn', 'error', 'debug'];
  const lines = times.map((_, index) => `level=${levels[index % 4]} msg="request ${index} answered" path=/api/items status=${index % 7 === 0 ? 500 : 200}`);
  return [
    frame(query['refId'], [{ name: 'time', type: 'time', values: times }, { name: 'message', type: 'string', values: lines }], {
      preferredVisualisationType: 'logs',
    }),
  ];
}

function buckets(query: AnyRecord, span: Span): AnyRecord[] {
  const times = timesOf(span);
  const bounds = Array.from({ length: 10 }, (_, index) => String(2 ** index));
  const columns = bounds.map((name, index): Column => ({ name, type: 'number', values: times.map((time) => 10 * (10 - Math.abs(5 - index)) * wave(name, time / 1000)) }));
  return [frame(query['refId'], [{ name: 'time', type: 'time', values: times }, ...columns], { type: 'heatmap-rows' })];
}

/** Open, high, low, close and volume, as a market's data come. */
function market(query: AnyRecord, span: Span): AnyRecord[] {
  const times = timesOf({ ...span, stepMs: Math.max(span.stepMs, (span.toMs - span.fromMs) / 60) });
  const open = times.map((time) => 100 * wave('market', time / 1000));
  const close = times.map((time) => 100 * wave('market', time / 1000 + 9));
  const columns: Array<[string, number[]]> = [
    ['open', open],
    ['high', open.map((value, index) => Math.max(value, close[index] ?? 0) + 4)],
    ['low', open.map((value, index) => Math.min(value, close[index] ?? 0) - 4)],
    ['close', close],
    ['volume', open.map((value) => value * 30)],
  ];
  return [frame(query['refId'], [{ name: 'time', type: 'time', values: times }, ...columns.map(([name, values]): Column => ({ name, type: 'number', values }))])];
}

/** Frames for one query of the test data source. */
export function testDataFrames(query: AnyRecord, fromMs: number, toMs: number): unknown[] {
  const span = { fromMs, toMs, stepMs: Math.max(1, number(query['intervalMs'], 15_000)) };
  switch (text(query['scenarioId'])) {
    case 'csv_metric_values':
      return csvValues(query, span);
    case 'csv_content':
      return csvFrame(query['refId'], text(query['csvContent']));
    case 'csv_file':
      return /ohlc/.test(text(query['csvFileName'])) ? market(query, span) : table(query, span);
    case 'random_walk_table':
    case 'table_static':
      return table(query, span);
    case 'logs':
      return logs(query, span);
    case 'exponential_heatmap_bucket_data':
    case 'linear_heatmap_bucket_data':
      return buckets(query, span);
    case 'no_data_points':
    case 'annotations':
    case 'datapoints_outside_range':
      return [];
    case 'manual_entry':
      return walk({ ...query, points: record(query['points']) }, span);
    default:
      return walk(query, span);
  }
}
