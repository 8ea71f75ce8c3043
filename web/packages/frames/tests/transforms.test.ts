// Transformations that @grafana/data lacks. Cases by the spec, grafana.md 4.5.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { TRANSFORMATIONS, transformFrames } from '../src';
import { fitPolynomial } from '../src/transforms/regression';

const field = (name: string, type: FieldType, values: unknown[], more: Partial<Field> = {}): Field => ({ name, type, values, config: {}, ...more });
const frameOf = (fields: Field[], refId = 'A'): DataFrame => ({ refId, fields, length: fields[0]?.values.length ?? 0 });
const series = (labels: Record<string, string>, values: number[], refId = 'A') =>
  frameOf([field('Time', FieldType.time, values.map((_, index) => index * 1000)), field('Value', FieldType.number, values, { labels })], refId);

async function run(id: string, options: Record<string, unknown>, frames: DataFrame[]) {
  const { frames: out, notices } = await transformFrames(frames, [{ id, options }], (text) => text);
  expect(notices).toEqual([]);
  return out;
}
const table = (frame: DataFrame | undefined) => Object.fromEntries((frame?.fields ?? []).map(({ name, values }) => [name, values]));

test('rowsToFields', async () => {
  const rows = frameOf([field('Name', FieldType.string, ['a', 'b']), field('Value', FieldType.number, [1, 2]), field('Unit', FieldType.string, ['s', 'ms']), field('Room', FieldType.string, ['x', 'y'])]);
  const [frame] = await run('rowsToFields', { mappings: [{ fieldName: 'Unit', handlerKey: 'unit' }] }, [rows]);
  expect(table(frame)).toEqual({ a: [1], b: [2] });
  expect(frame?.fields.map(({ config, labels }) => [config.unit, labels])).toEqual([['s', { Room: 'x' }], ['ms', { Room: 'y' }]]);
});

test('configFromData', async () => {
  const config = frameOf([field('max', FieldType.number, [5, 9]), field('colour', FieldType.string, ['red', 'blue'])], 'config');
  const out = await run('configFromData', { configRefId: 'config' }, [series({}, [1]), config]);
  expect(out).toHaveLength(1);
  expect(out[0]?.fields[1]?.config).toMatchObject({ max: 9, color: { fixedColor: 'blue' } });
  expect(out[0]?.fields[0]?.config).toEqual({});
});

describe('extractFields', () => {
  test.each<[string, Record<string, unknown>, unknown[], Record<string, unknown[]>]>([
    ['json', { format: 'json' }, ['{"a":1,"b":"x"}', '{"a":2}'], { a: [1, 2], b: ['x', null] }],
    ['json by path', { format: 'json', jsonPaths: [{ path: 'o.list[1]', alias: 'second' }] }, ['{"o":{"list":[1,2]}}'], { second: [2] }],
    ['pairs', { format: 'kvp' }, ['level=info status=200', 'level="a b" status=404'], { level: ['info', 'a b'], status: [200, 404] }],
    ['a regular expression', { format: 'regexp', regExp: '/(?<verb>\\w+) (?<path>\\S+)/' }, ['GET /a'], { verb: ['GET'], path: ['/a'] }],
    ['what it looks like', { format: 'auto' }, ['{"n":3}'], { n: [3] }],
  ])('%s', async (_name, options, values, want) => {
    const [frame] = await run('extractFields', { source: 'line', replace: true, ...options }, [frameOf([field('line', FieldType.string, values)])]);
    expect(table(frame)).toEqual(want);
  });
});

test('joinByLabels', async () => {
  const input = [series({ what: 'Temp', cluster: 'A' }, [10, 20]), series({ what: 'Speed', cluster: 'A' }, [30, 40]), series({ what: 'Temp', cluster: 'B' }, [50, 60])];
  const [frame] = await run('joinByLabels', { value: 'what' }, input);
  expect(table(frame)).toEqual({ cluster: ['A', 'A', 'B', 'B'], Temp: [10, 20, 50, 60], Speed: [30, 40, null, null] });
});

test('partitionByValues', async () => {
  const input = frameOf([field('sex', FieldType.string, ['f', 'm', 'f']), field('height', FieldType.number, [1, 2, 3])]);
  const out = await run('partitionByValues', { fields: ['sex'] }, [input]);
  expect(out.map(({ name }) => name)).toEqual(['f', 'm']);
  expect(out.map(table)).toEqual([{ height: [1, 3] }, { height: [2] }]);
});

test('timeSeriesTable', async () => {
  const [frame] = await run('timeSeriesTable', { A: { stat: 'max' } }, [series({ host: 'a' }, [1, 5, 2]), series({ host: 'b' }, [7, 6])]);
  expect(frame?.fields.map(({ name, type }) => [name, type])).toEqual([['host', FieldType.string], ['Trend #A', FieldType.frame]]);
  expect(frame?.fields[1]?.values.map(({ value }: { value: number }) => value)).toEqual([5, 7]);
});

describe('prepareTimeSeries', () => {
  test('long', async () => {
    const [frame] = await run('prepareTimeSeries', { format: 'long' }, [series({ host: 'a' }, [1, 2]), series({ host: 'b' }, [3])]);
    expect(table(frame)).toEqual({ Time: [0, 0, 1000], Value: [1, 3, 2], host: ['a', 'b', 'a'] });
  });
  test('multi splits a long table by its text', async () => {
    const long = frameOf([field('t', FieldType.time, [0, 0, 1]), field('host', FieldType.string, ['a', 'b', 'a']), field('v', FieldType.number, [1, 2, 3])]);
    const out = await run('prepareTimeSeries', { format: 'multi' }, [long]);
    expect(out.map((frame) => [frame.fields[1]?.labels, frame.fields[1]?.values])).toEqual([[{ host: 'a' }, [1, 3]], [{ host: 'b' }, [2]]]);
  });
});

describe('regression', () => {
  test.each<[string, number[], number, number[]]>([
    ['a line', [1, 3, 5], 1, [1, 2]],
    ['a parabola', [0, 1, 4, 9], 2, [0, 0, 1]],
  ])('%s', (_name, ys, degree, want) => {
    const fit = fitPolynomial(ys.map((_, index) => index), ys, degree);
    expect(fit).toHaveLength(want.length);
    want.forEach((coefficient, power) => expect(fit?.[power]).toBeCloseTo(coefficient));
  });
  test('one point has no line', () => expect(fitPolynomial([1], [1], 1)).toBeUndefined());
  test('is a series of its own', async () => {
    const out = await run('regression', { modelType: 'linear', predictionCount: 3 }, [series({}, [0, 10, 20])]);
    expect(out).toHaveLength(2);
    expect(out[1]?.fields[1]?.values.map(Math.round)).toEqual([0, 10, 20]);
  });
});

test('what a person can choose from is named and without inner steps', () => {
  const ids = TRANSFORMATIONS.map(({ id }) => id);
  expect(ids).toContain('organize');
  expect(ids).toContain('rowsToFields');
  expect(ids).not.toContain('noop');
  expect(new Set(ids).size).toBe(ids.length);
});

describe('smoothing', () => {
  const noise = (index: number): number => (((index * 7919) % 101) / 101 - 0.5) * 4;
  const steps = (values: unknown[]): number => Math.sqrt(values.slice(1).reduce((sum: number, value, index) => sum + (Number(value) - Number(values[index])) ** 2, 0));

  test('the series stay, and come once more with the noise taken out and all times kept', async () => {
    const values = Array.from({ length: 400 }, (_, index) => 10 * Math.sin(index / 60) + noise(index));
    const input = series({ job: 'a' }, values);
    const out = await run('smoothing', { resolution: 50 }, [input]);
    expect(out.map(({ name, length }) => [name, length])).toEqual([[undefined, 400], ['Smoothed', 400]]);
    expect(out[0]).toEqual(input);
    const [time, value] = out[1]?.fields ?? [];
    expect(time?.values).toEqual(input.fields[0]?.values);
    expect(value?.labels).toEqual({ job: 'a' });
    expect(steps(value?.values ?? [])).toBeLessThan(steps(values) / 5);
    // The wave under the noise is still there.
    expect(Math.max(...(value?.values ?? []))).toBeGreaterThan(8);
  });

  test('a step that stands out among noise is not averaged away', async () => {
    const values = Array.from({ length: 200 }, (_, index) => (index >= 95 && index < 105 ? 40 : 0) + noise(index));
    const [, frame] = await run('smoothing', { resolution: 200 }, [series({}, values)]);
    expect(Math.max(...(frame?.fields[1]?.values ?? []))).toBeGreaterThan(20);
  });

  test.each<[string, DataFrame]>([
    ['no time', frameOf([field('a', FieldType.number, [1])])],
    ['no number', series({}, [NaN, NaN])],
  ])('frames with %s have no smooth ones', async (_name, input) => {
    expect(await run('smoothing', {}, [input])).toEqual([input]);
  });

  test('gaps are bridged', async () => {
    const input = frameOf([field('Time', FieldType.time, [0, 1, 2]), field('Value', FieldType.number, [1, null, 3])]);
    const [, frame] = await run('smoothing', {}, [input]);
    expect(frame?.fields[1]?.values).toEqual([1, 2, 3]);
  });
});

describe('heatmap', () => {
  const at = (times: number[], values: Array<number | null>) => frameOf([field('Time', FieldType.time, times), field('Value', FieldType.number, values)]);
  test.each<[string, Record<string, unknown>, number[], number[]]>([
    // [options], lower bounds across, lower bounds upwards
    ['sizes as given', { xBuckets: { mode: 'size', value: '100' }, yBuckets: { mode: 'size', value: '5' } }, [0, 100], [0, 5]],
    ['a duration', { xBuckets: { mode: 'size', value: '1s' }, yBuckets: { mode: 'size', value: '10' } }, [0], [0]],
    ['counts become round sizes, no more than asked for but one', { xBuckets: { mode: 'count', value: '2' }, yBuckets: { mode: 'count', value: '3' } }, [0, 100], [0, 4, 8]],
    ['nothing given', { xBuckets: { mode: 'size', value: '100' } }, [0, 100], [0.85, 1.7, 2.55, 3.4, 4.25, 5.1, 5.95, 6.8, 7.65, 8.5]],
    ['powers of two', { xBuckets: { mode: 'size', value: '100' }, yBuckets: { scale: { type: 'log', log: 2 } } }, [0, 100], [1, 2, 4, 8]],
    ['halves of powers of ten', { xBuckets: { mode: 'size', value: '100' }, yBuckets: { value: '2', scale: { type: 'log', log: 10 } } }, [0, 100], [1, Math.sqrt(10)]],
  ])('%s', async (_name, options, xs, ys) => {
    const [frame] = await run('heatmap', options, [at([0, 50, 100, 150], [1, 1, 9, null])]);
    const [x, y, count] = frame?.fields ?? [];
    expect([x?.name, y?.name, count?.name, frame?.meta?.type]).toEqual(['xMin', 'yMin', 'Count', 'heatmap-cells']);
    expect([...new Set(x?.values)]).toEqual(xs);
    expect(y?.values.slice(0, ys.length).map((bound: number) => Number(bound.toPrecision(12)))).toEqual(ys.map((bound) => Number(bound.toPrecision(12))));
    expect(count?.values).toHaveLength(xs.length * ys.length);
    expect(count?.values.reduce((sum: number, one: number) => sum + one, 0)).toBe(3);
  });
  test('a bucket size of next to nothing ends in a bound, not in all memory', async () => {
    const [frame] = await run('heatmap', { xBuckets: { mode: 'size', value: '1' }, yBuckets: { mode: 'size', value: '0.0000001' } }, [at([0, 1], [0, 1e9])]);
    expect(frame?.length).toBeLessThan(5000);
  });
  test('the series stay where asked for, and alone where there is nothing to count', async () => {
    const input = [at([0], [1])];
    expect(await run('heatmap', { keepOriginalData: true }, input)).toHaveLength(2);
    expect(await run('heatmap', { keepOriginalData: true }, [at([], [])])).toHaveLength(1);
  });
});

describe('spatial', () => {
  const places = frameOf([field('lat', FieldType.number, [0, 1, 1]), field('lon', FieldType.number, [0, 0, 1]), field('v', FieldType.number, [1, 2, 3])]);
  const values = (frame: DataFrame | undefined, name: string) => frame?.fields.find((one) => one.name === name)?.values;
  test('points of coordinates', async () => {
    const [frame] = await run('spatial', {}, [places]);
    expect(frame?.fields.map(({ name, type }) => [name, type])).toEqual([['point', FieldType.geo], ['lat', FieldType.number], ['lon', FieldType.number], ['v', FieldType.number]]);
    expect(values(frame, 'point')?.map(String)).toEqual(['POINT(0 0)', 'POINT(0 1)', 'POINT(1 1)']);
  });
  test('points of a geohash', async () => {
    const [frame] = await run('spatial', { source: { mode: 'geohash', geohash: 'where' } }, [frameOf([field('where', FieldType.string, ['ezs42', 'not!'])])]);
    const [known, unknown] = values(frame, 'point') ?? [];
    // The published example of the code: ezs42 is 42.605 north, 5.603 west.
    expect([known.centre[0].toFixed(3), known.centre[1].toFixed(3), unknown]).toEqual(['-5.603', '42.605', undefined]);
  });
  test('directions: north, then east', async () => {
    const [frame] = await run('spatial', { action: 'calculate', calculate: { calc: 'heading', field: 'to' } }, [places]);
    expect(values(frame, 'to')).toEqual([0, 90, 90]);
  });
  test('a line through all, and its length: a degree of the equator is 111.195 km', async () => {
    const [frame] = await run('spatial', { action: 'modify', modify: { op: 'asLine' } }, [frameOf([field('lat', FieldType.number, [0, 0]), field('lon', FieldType.number, [0, 1])])]);
    expect(values(frame, 'Line')?.map(String)).toEqual(['LINESTRING(0 0,1 0)']);
    const [measured] = await run('spatial', { action: 'calculate', calculate: { calc: 'distance' } }, frame ? [frame] : []);
    expect(values(measured, 'distance')?.[0] / 1000).toBeCloseTo(111.195, 2);
  });
  test('lines from row to row', async () => {
    const flights = frameOf([field('lat', FieldType.number, [1]), field('lon', FieldType.number, [2]), field('toLat', FieldType.number, [3]), field('toLon', FieldType.number, [4])]);
    const target = { mode: 'coords', latitude: 'toLat', longitude: 'toLon' };
    const [frame] = await run('spatial', { action: 'modify', modify: { op: 'lineBuilder', target } }, [flights]);
    expect(values(frame, 'Geometry')?.map(String)).toEqual(['LINESTRING(2 1,4 3)']);
  });
  test('frames that lie nowhere stay as they are', async () => expect((await run('spatial', {}, [series({}, [1])])).map(table)).toEqual([{ Time: [0], Value: [1] }]));
});
