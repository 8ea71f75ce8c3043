import { createTheme, FieldType, getFieldDisplayName, type DataFrame } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { applyFieldConfig, decodeFrames, hasRows, nextVisible, shapeFrames, traceFrames, transformFrames, withDefaults, withHidden } from '../src';

const json = (labels: Record<string, string>, times: number[], values: Array<number | null>, entities?: unknown) => ({
  schema: {
    refId: 'A',
    fields: [
      { name: 'Time', type: 'time' },
      { name: 'Value', type: 'number', labels },
    ],
  },
  data: { values: [times, values], ...(entities ? { entities } : {}) },
});
const series = (labels: Record<string, string>, times: number[], values: Array<number | null>): DataFrame[] =>
  decodeFrames('A', [json(labels, times, values)]).frames;
const columns = (frame: DataFrame | undefined) => frame?.fields.map(({ name, values }) => [name, [...values]]);

describe('decodeFrames', () => {
  test('entities give back what JSON cannot hold', () => {
    const { frames } = decodeFrames('A', [json({}, [1, 2, 3], [null, null, 5], [null, { NaN: [0], Inf: [1] }])]);
    expect([...(frames[0]?.fields[1]?.values ?? [])]).toEqual([NaN, Infinity, 5]);
  });
  test('an empty frame carries only its notices', () => {
    const empty = { schema: { refId: 'A', fields: [], meta: { notices: [{ severity: 'warning', text: 'slow' }] } }, data: { values: [] } };
    expect(decodeFrames('A', [empty, empty])).toEqual({ frames: [], notices: [{ severity: 'warning', text: 'slow' }] });
  });
  test.each([[null], [{}], [{ schema: {}, data: { values: [[1]] } }], [{ schema: { fields: [{}] } }]])(
    '%j is left out and named',
    (bad) => {
      const { frames, notices } = decodeFrames('B', [bad]);
      expect(frames).toEqual([]);
      expect(notices).toEqual([{ severity: 'warning', text: 'Query B: the answer holds a frame of unknown form.' }]);
    },
  );
});

describe('shapeFrames', () => {
  test('a table has a row per sample and the labels in order', () => {
    const frames = [...series({ job: 'b', a: '1' }, [10], [1]), ...series({ job: 'c' }, [10], [2])];
    expect(columns(shapeFrames('table', frames, true)[0])).toEqual([
      ['Time', [10, 10]],
      ['a', ['1', '']],
      ['job', ['b', 'c']],
      ['Value #A', [1, 2]],
    ]);
  });
  test('buckets are ordered by bound and lose what lower buckets hold', () => {
    const frames = [
      ...series({ le: '+Inf' }, [1, 2], [10, 9]),
      ...series({ le: '0.5' }, [1, 2], [4, 5]),
      ...series({ le: '10' }, [2], [8]),
    ];
    expect(columns(shapeFrames('heatmap', frames, false)[0])).toEqual([
      ['Time', [1, 2]],
      ['0.5', [4, 5]],
      ['10', [0, 3]],
      ['+Inf', [10, 1]],
    ]);
  });
  test('plain series stay as they are', () => {
    const frames = series({}, [1], [2]);
    expect(shapeFrames('time_series', frames, false)).toBe(frames);
  });
});

test('defaults and overrides reach the fields', () => {
  const [frame] = applyFieldConfig({
    frames: [...series({ job: 'a' }, [1], [2]), ...series({ job: 'b' }, [1], [2])],
    fieldConfig: {
      defaults: { unit: 'percent', custom: { lineWidth: 3 } },
      overrides: [{ matcher: { id: 'byName', options: 'a' }, properties: [{ id: 'custom.fillOpacity', value: 20 }] }],
    },
    theme: createTheme(),
    timeZone: 'utc',
    replaceVariables: (text) => text,
  });
  const value = frame?.fields[1];
  expect(value?.config).toMatchObject({ unit: 'percent', custom: { lineWidth: 3, fillOpacity: 20 } });
  expect(value?.display?.(2)).toMatchObject({ text: '2', suffix: '%' });
});

test('a panel wins over the defaults of its kind, property by property', () => {
  const own = { defaults: { unit: 's', custom: { lineWidth: 2 } }, overrides: [] };
  expect(withDefaults(own, { unit: 'short', decimals: 1, custom: { lineWidth: 1, fillOpacity: 5 } })).toEqual({
    defaults: { unit: 's', decimals: 1, custom: { lineWidth: 2, fillOpacity: 5 } },
    overrides: [],
  });
});

describe('transformFrames', () => {
  const keep = (text: string) => text;
  test('steps run in order; a disabled one does not', async () => {
    const steps = [
      { id: 'seriesToColumns', options: { byField: 'Time' } },
      { id: 'limit', options: { limitField: 1 } },
      { id: 'limit', options: { limitField: 0 }, disabled: true },
    ];
    const { frames, notices } = await transformFrames([...series({ job: 'a' }, [1, 2], [10, 20]), ...series({ job: 'b' }, [1, 2], [30, 40])], steps, keep);
    expect(notices).toEqual([]);
    expect(columns(frames[0])?.map(([, values]) => values)).toEqual([[1], [10], [30]]);
  });
  test.each([
    ['fieldLookup', {}],
    ['spatial', { source: { mode: 'lookup', lookup: 'country' } }],
    ['spatial', { action: 'modify', modify: { op: 'lineBuilder', target: { mode: 'lookup' } } }],
  ])('%s with %j needs the lists of a map, and says so', async (id, options) => {
    const before = series({}, [1], [2]);
    const { frames, notices } = await transformFrames(before, [{ id, options }], keep);
    expect(notices).toEqual(['Shown without a transformation that looks places up in the lists of the geomap panel, which is not supported']);
    expect(columns(frames[0])).toEqual(columns(before[0]));
  });
  describe('a step is for the frames that its filter names', () => {
    const two = () => [...series({ job: 'a' }, [1, 2], [10, 20]), ...series({ job: 'b' }, [1, 2], [30, 40])].map((frame, index) => ({ ...frame, refId: 'AB'[index] ?? '' }));
    test.each([
      ['A', [1, 2]],
      ['/^(?:A|B)$/', [1, 1]],
      ['', [1, 1]],
    ])('byRefId %j', async (options, want) => {
      const { frames } = await transformFrames(two(), [{ id: 'limit', filter: { id: 'byRefId', options }, options: { limitField: 1 } }], keep);
      expect(frames.map(({ length }) => length)).toEqual(want);
    });
    test.each([['annotations'], ['alertStates']])('one for %s leaves series alone, and says so', async (topic) => {
      const { frames, notices } = await transformFrames(two(), [{ id: 'limit', topic, options: { limitField: 1 } }], keep);
      expect(frames.map(({ length }) => length)).toEqual([2, 2]);
      expect(notices).toEqual(['Annotations are shown without the transformation limit']);
    });
    test('one for series is a plain one', async () => {
      const { frames } = await transformFrames(two(), [{ id: 'limit', topic: 'series', options: { limitField: 1 } }], keep);
      expect(frames.map(({ length }) => length)).toEqual([1, 1]);
    });
    test('what reaches each step, and what comes out', async () => {
      const limit = (limitField: number, more = {}) => ({ id: 'limit', options: { limitField }, ...more });
      const trace = await traceFrames(two(), [limit(1, { disabled: true }), limit(1, { filter: { id: 'byRefId', options: 'B' } }), limit(0)], keep);
      expect(trace.map((frames) => frames.map(({ length }) => length))).toEqual([[2, 2], [2, 2], [2, 1], [0, 0]]);
    });
  });
  test('an unknown step is left out and named', async () => {
    const before = series({}, [1], [2]);
    const { frames, notices } = await transformFrames(before, [{ id: 'nosuch', options: {} }], keep);
    expect(notices).toEqual(['Shown without the transformation nosuch']);
    expect(columns(frames[0])).toEqual(columns(before[0]));
  });
});

describe('nextVisible', () => {
  const all = ['a', 'b', 'c'];
  test.each<[string, string[], string, boolean, string[]]>([
    ['alone', [], 'a', false, ['b', 'c']],
    ['alone already: all again', ['b', 'c'], 'a', false, []],
    ['another alone', ['b', 'c'], 'b', false, ['a', 'c']],
    ['off', [], 'a', true, ['a']],
    ['on', ['a', 'b'], 'a', true, ['b']],
    ['the last one off: all again', ['a', 'b'], 'c', true, []],
  ])('%s', (_name, hidden, name, isToggle, want) =>
    expect([...nextVisible(all, new Set(hidden), name, isToggle)]).toEqual(want),
  );
});

test('a hidden series keeps its place and name', () => {
  const frames = withHidden([...series({ job: 'a' }, [1], [2]), ...series({ job: 'b' }, [1], [2])], new Set(['b']));
  expect(frames.map((frame) => frame.fields[1]?.config.custom?.hideFrom?.viz)).toEqual([undefined, true]);
  const last = frames[1];
  expect(last?.fields[1] && getFieldDisplayName(last.fields[1], last, frames)).toBe('b');
});

test('hasRows', () => {
  expect(hasRows([])).toBe(false);
  expect(hasRows(series({}, [], []))).toBe(false);
  expect(hasRows(series({}, [1], [null]))).toBe(true);
  expect(hasRows([{ length: 1, fields: [{ name: 't', type: FieldType.time, config: {}, values: [1] }] }])).toBe(false);
});
