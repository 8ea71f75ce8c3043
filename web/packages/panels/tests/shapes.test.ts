// What the panels that draw themselves make of their frames.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { calculateHeatmap } from '@narthex/frames';
import { describe, expect, test } from 'vitest';

import { fittingStep } from '../src/barchart/BarChartPanel';
import { barExtent, barsAt, categoriesOf } from '../src/barchart/bars';
import { candlesOf, hasRisen, isFlat } from '../src/candlestick/candles';
import { heatmapData } from '../src/heatmap/cells';
import { readAlerts, shownAlerts } from '../src/lists/alerts';
import { hitGroups } from '../src/lists/hits';
import { levelOf, logLines } from '../src/logs/lines';
import { slicesOf, sortSlices } from '../src/piechart/slices';
import { fitted } from '../src/plot/Axes';
import { extentOf, linear, niceExtent, niceStep, ticks, timeTicks } from '../src/plot/scales';
import { mergedSpans, sampleSpans, timelineRows } from '../src/timeline/spans';
import { xySeries } from '../src/xy/series';

const field = (name: string, type: FieldType, values: unknown[], more: Partial<Field> = {}): Field => ({ name, type, values, config: {}, ...more });
const frameOf = (...fields: Field[]): DataFrame => ({ fields, length: fields[0]?.values.length ?? 0 });
const time = (...values: number[]) => field('time', FieldType.time, values);
const numbers = (name: string, ...values: Array<number | null>) => field(name, FieldType.number, values);

describe('scales', () => {
  test.each([
    [10, 5, 2],
    [1, 5, 0.2],
    [97, 5, 20],
    [0, 5, 1],
  ])('a step for %d in %d parts', (range, count, want) => expect(niceStep(range, count)).toBeCloseTo(want));
  test.each([
    [[], { min: 0, max: 1 }],
    [[null, NaN], { min: 0, max: 1 }],
    [[4], { min: 2, max: 6 }],
    [[0], { min: 0, max: 1 }],
    [[-3, 7], { min: -3, max: 7 }],
  ])('extent of %j', (values, want) => expect(extentOf(values)).toEqual(want));
  test('ticks hold both ends and no rounding errors', () => expect(ticks({ min: 0, max: 0.3 }, 3)).toEqual([0, 0.1, 0.2, 0.3]));
  test('zero is taken in where asked', () => expect(niceExtent({ min: 5, max: 9 }, 5, true)).toEqual({ min: 0, max: 10 }));
  test('labels of time keep apart', () => expect(timeTicks({ min: 0, max: 3_600_000 }, 400)).toEqual([0, 900_000, 1_800_000, 2_700_000, 3_600_000]));
  test.each([
    [['Rome', 'Bern', 'Oslo', 'Kiev'], 60, 1],
    [['A very long name of a city', 'Bern', 'Oslo', 'Kiev'], 140, 1],
    [['Some long name', 'Some long name', 'Some long name', 'Some long name'], 60, 2],
    [['Some long name', 'Some long name'], 5, 2],
    [[], 5, 1],
  ])('of the labels %j, %d pixels apart, every %d. is shown', (labels, pitch, want) => expect(fittingStep(labels, pitch)).toBe(want));
  test('a scale without width stays finite', () => expect(linear({ min: 3, max: 3 }, 0, 100)(3)).toBe(0));
});

describe('slices', () => {
  const inputs = [1, 0, -2, 3].map((value, index) => ({ label: String(index), value, color: 'red' }));
  test('only what is above zero has a share', () => expect(slicesOf(inputs, 100, 0).map(({ label, share }) => [label, share])).toEqual([['0', 0.25], ['3', 0.75]]));
  test('one alone is a whole circle', () => expect(slicesOf(inputs.slice(0, 1), 100, 60)[0]?.path.match(/M/g)).toHaveLength(2));
  test('nothing to share', () => expect(slicesOf([], 100, 0)).toEqual([]));
  test.each([['asc', [-2, 0, 1, 3]], ['desc', [3, 1, 0, -2]], ['none', [1, 0, -2, 3]]] as const)('sorted %s', (sort, want) => expect(sortSlices(inputs, sort).map(({ value }) => value)).toEqual(want));
});

describe('states over time', () => {
  test('equal neighbours are one span, null ends it', () => {
    expect(mergedSpans([0, 10, 20, 30], ['a', 'a', null, 'a'], 40)).toEqual([
      { fromMs: 0, toMs: 20, value: 'a' },
      { fromMs: 30, toMs: 40, value: 'a' },
    ]);
  });
  test('samples stand in the middle of their span', () => expect(sampleSpans([10, 20], [1, null], 10)).toEqual([{ fromMs: 5, toMs: 15, value: 1 }]));
  test('hidden fields have no row, ends may be given', () => {
    const hidden = { ...numbers('h', 1), config: { custom: { hideFrom: { viz: true } } } };
    const rows = timelineRows({ frames: [frameOf(time(0), field('end', FieldType.time, [5]), numbers('v', 1), hidden)], isChanges: true, isMerged: true, untilMs: 100 });
    expect(rows.map(({ field: { name }, spans }) => [name, spans])).toEqual([['v', [{ fromMs: 0, toMs: 5, value: 1 }]]]);
  });
});

describe('bars', () => {
  const frame = frameOf(field('city', FieldType.string, ['x', 'y']), numbers('a', 1, -3), numbers('b', 3, -1));
  test('text names the categories', () => expect(categoriesOf([frame], '', '')).toMatchObject({ x: { name: 'city' }, values: [{ name: 'a' }, { name: 'b' }] }));
  test('without numbers there are none', () => expect(categoriesOf([frameOf(field('s', FieldType.string, ['x']))], '', '')).toBeUndefined());
  test.each([
    ['none', 0, [[0, 1], [0, 3]]],
    ['normal', 0, [[0, 1], [1, 4]]],
    ['normal', 1, [[0, -3], [-3, -4]]],
    ['percent', 0, [[0, 0.25], [0.25, 1]]],
  ] as const)('stacking %s at %d', (stacking, index, want) => expect(barsAt(frame.fields.slice(1), index, stacking).map(({ from, to }) => [from, to])).toEqual(want));
  test('the axis holds zero and all bars', () => {
    const categories = categoriesOf([frame], '', '');
    expect(categories && barExtent(categories, 'normal', 4)).toEqual({ min: -4, max: 4 });
  });
});

describe('candles', () => {
  test('fields by their names, in any case', () => {
    const found = candlesOf([frameOf(time(0, 1), numbers('Open', 1, 2), numbers('HIGH', 3, 3), numbers('low', 0, 1), numbers('close', 2, 1))], {});
    expect([found?.open.name, found?.high.name, found?.low.name, found?.close.name]).toEqual(['Open', 'HIGH', 'low', 'close']);
    expect(found && [hasRisen(found, 0, 'open-close'), hasRisen(found, 1, 'open-close'), hasRisen(found, 1, 'close-close')]).toEqual([true, false, false]);
  });
  test('one price opens where the last closed', () => {
    const found = candlesOf([frameOf(time(0, 1), numbers('price', 5, 7))], {});
    expect([found?.open.values, found?.high.values, found?.low.values]).toEqual([[5, 5], [5, 7], [5, 5]]);
  });
  test('no time, no candles', () => expect(candlesOf([frameOf(numbers('close', 1))], {})).toBeUndefined());
});

describe('xy', () => {
  const frame = frameOf(numbers('x', 1, 2), numbers('y', 3, 4), numbers('z', 5, 6));
  test('the first field against all others', () => expect(xySeries([frame], {}).map(({ x, y }) => [x.name, y.name])).toEqual([['x', 'y'], ['x', 'z']]));
  test('series by hand', () => expect(xySeries([frame], { mapping: 'manual', series: [{ x: { matcher: { options: 'y' } }, y: { matcher: { options: 'z' } } }] }).map(({ x, y }) => [x.name, y.name])).toEqual([['y', 'z']]));
});

describe('logs', () => {
  test.each([
    ['level=warning x', 'warn'],
    ['{"severity":"ERROR"}', 'error'],
    ['all is well', 'unknown'],
  ])('level of %s', (line, want) => expect(levelOf(line, undefined)).toBe(want));
  test('newest first, equal neighbours counted', () => {
    const frame = frameOf(time(1, 2, 3), field('line', FieldType.string, ['a 1', 'a 2', 'b']));
    expect(logLines([frame], 'desc', 'numbers').map(({ text, count }) => [text, count])).toEqual([['b', 1], ['a 2', 2]]);
    expect(logLines([frame], 'asc', 'none').map(({ text }) => text)).toEqual(['a 1', 'a 2', 'b']);
  });
});

describe('lists', () => {
  const hit = (title: string, more = {}) => ({ uid: title, title, url: '', type: 'dash-db', tags: [], folderUid: '', folderTitle: '', isStarred: false, ...more });
  test('dashboards starred and found', () => {
    const groups = hitGroups([hit('Node', { isStarred: true }), hit('Redis', { tags: ['db'] }), hit('F', { type: 'dash-folder' })], { showSearch: true, query: 'r', tags: ['db'] });
    expect(groups.map(({ title, hits }) => [title, hits.map((one) => one.title)])).toEqual([['Starred dashboards', ['Node']], ['Search', ['Redis']]]);
  });
  test('alerts by state and importance', () => {
    const alerts = readAlerts({ alerts: [{ labels: { alertname: 'B' }, state: 'pending', activeAt: 'x' }, { labels: { alertname: 'A' }, state: 'firing' }, { labels: {} }] });
    expect(shownAlerts(alerts, { sortOrder: 3 }).map(({ name }) => name)).toEqual(['', 'A', 'B']);
    expect(shownAlerts(alerts, { stateFilter: { firing: true } }).map(({ name }) => name)).toEqual(['A']);
  });
});

describe('heatmaps without buckets', () => {
  const counted = (frames: DataFrame[], calculation: Record<string, unknown>) => heatmapData([calculateHeatmap(frames, calculation)].flatMap((cells) => cells ?? []));
  test.each([
    ['linear', { mode: 'size', value: '5' }, { lowest: '0', bounds: ['5', '10'], values: [[2, 0], [0, 1]], scale: { type: 'linear' } }],
    ['logarithmic', { scale: { type: 'log', log: 2 } }, { lowest: '1', bounds: ['2', '4', '8', '16'], values: [[2, 0], [0, 0], [0, 0], [0, 1]], scale: { type: 'log', log: 2 } }],
  ])('every value is counted once, in its column: %s', (_name, yBuckets, want) => {
    const data = counted([frameOf(time(0, 50, 100), numbers('v', 1, 1, 9))], { xBuckets: { mode: 'size', value: '100' }, yBuckets });
    expect(data).toEqual({ timesMs: [100, 200], stepMs: 100, min: 1, max: 2, ...want });
  });
  test('nothing to count', () => expect(counted([], {})).toBeUndefined());
  test('series named by numbers are buckets in their order', () => {
    const one = (name: string, value: number) => frameOf(time(0), { ...numbers('Value', value), config: { displayNameFromDS: name } });
    expect(heatmapData([one('10', 1), one('+Inf', 3), one('2', 2)])).toMatchObject({ bounds: ['2', '10', '+Inf'], values: [[2], [1], [3]] });
  });
});

describe('options that other panels leave aside', () => {
  test('fields beyond the prices, where the panel asks for them', () => {
    const frame = frameOf(time(0, 1), numbers('open', 1, 2), numbers('close', 2, 2), numbers('sma', 5, 6));
    const all = candlesOf([frame], { includeAllFields: true });
    expect(all?.others.map(({ name }) => name)).toEqual(['sma']);
    expect(candlesOf([frame], {})?.others).toEqual([]);
    expect([0, 1].map((index) => all && isFlat(all, index, 'open-close'))).toEqual([false, true]);
    expect([0, 1].map((index) => all && isFlat(all, index, 'close-close'))).toEqual([false, true]);
  });
  test('a field that gives the colour is drawn where there is no other', () => {
    const frame = frameOf({ ...numbers('code'), type: FieldType.string, values: ['a', 'b'] }, numbers('v', 1, 2));
    expect(categoriesOf([frame], 'code', 'v')?.values.map(({ name }) => name)).toEqual(['v']);
  });
  test('a name the panel gives to a series', () => {
    const series = [{ x: { matcher: { id: 'byName', options: 'a' } }, y: { matcher: { id: 'byName', options: 'b' } }, name: { fixed: 'Mine' } }];
    expect(xySeries([frameOf(numbers('a', 1), numbers('b', 2))], { mapping: 'manual', series }).map(({ name }) => name)).toEqual(['Mine']);
  });
  test('a label too long for its room ends with dots', () => {
    expect(fitted('short', 200)).toBe('short');
    expect(fitted('a name far too long for this', 80)).toMatch(/^a name.*\.\.\.$/);
    expect(fitted('abc', 0)).toBe('a...');
  });
});
