import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { factsOf } from '../src/edit/facts';
import { asTable } from '../src/edit/preview';
import { suggestions } from '../src/edit/suggestions';
import { loadDashboard } from '@narthex/dashmodel';

const field = (name: string, type: FieldType, values: unknown[], labels?: Record<string, string>): Field => ({ name, type, values, config: {}, ...(labels ? { labels } : {}) });
const time = (count: number): Field => field('Time', FieldType.time, Array.from({ length: count }, (_, at) => at * 1000));
const wave = (count: number): number[] => Array.from({ length: count }, (_, at) => Math.sin(at) + 2);
const frame = (...fields: Field[]): DataFrame => ({ refId: 'A', fields, length: fields[0]?.values.length ?? 0 });
const series = (count: number, rows: number): DataFrame[] => Array.from({ length: count }, (_, at) => frame(time(rows), field('Value', FieldType.number, wave(rows), { method: `m${at}` })));
const best = (frames: DataFrame[]): string | undefined => suggestions(frames)[0]?.type;
const types = (frames: DataFrame[]): string[] => suggestions(frames).map(({ type }) => type);

describe('suggested visualizations (UI-3)', () => {
  test.each<[string, DataFrame[], string | undefined]>([
    ['nothing', [], undefined],
    ['frames without rows', [frame(time(0))], undefined],
    ['numbers over time', series(3, 50), 'timeseries'],
    ['one value', [frame(field('Value', FieldType.number, [3]))], 'stat'],
    ['rows with names', [frame(field('host', FieldType.string, ['a', 'b']), field('Value', FieldType.number, [1, 2]))], 'table'],
    ['states over time', [frame(time(4), field('state', FieldType.string, ['up', 'up', 'down', 'up']))], 'state-timeline'],
    ['lines over time', [frame(time(20), field('line', FieldType.string, Array.from({ length: 20 }, (_, at) => `line ${at}`)))], 'logs'],
    ['prices', [frame(time(30), ...['open', 'high', 'low', 'close'].map((name) => field(name, FieldType.number, wave(30))))], 'candlestick'],
    ['buckets over time', ['0.1', '1', '+Inf'].map((le) => frame(time(30), field('Value', FieldType.number, wave(30), { le }))), 'heatmap'],
  ])('%s', (_name, frames, want) => expect(best(frames)).toBe(want));
  test('shares only of a few values, none below zero', () => {
    expect([types(series(3, 50)).includes('piechart'), types(series(40, 50)).includes('piechart')]).toEqual([true, false]);
    expect(types([frame(field('host', FieldType.string, ['a', 'b']), field('Value', FieldType.number, [-1, 2]))]).includes('piechart')).toBe(false);
  });
  test('each kind once, each with a reason', () => {
    const all = suggestions(series(10, 50));
    expect(new Set(all.map(({ type }) => type)).size).toBe(all.length);
    expect(all.every(({ reason }) => reason !== '')).toBe(true);
  });
});

test('what forms offer: names without times, labels, queries, variables', () => {
  const variables = [
    { name: 'job', type: 'query', multi: true, includeAll: false },
    { name: 'host', type: 'query', multi: false, includeAll: false },
    { name: 'Filters', type: 'adhoc', multi: true, includeAll: false },
  ];
  expect(factsOf(series(2, 3), ['A', 'B'], variables)).toEqual({ names: ['m0', 'm1'], labels: ['method'], refIds: ['A', 'B'], variables: ['job', 'host', 'Filters'], repeatable: ['job'] });
});

test('as a table the fields keep their units, and no looks of a graph', () => {
  const [panel] = loadDashboard({ schemaVersion: 42, panels: [{ id: 1, type: 'timeseries', options: { legend: {} }, fieldConfig: { defaults: { unit: 's', custom: { lineWidth: 3 } }, overrides: [{ matcher: { id: 'byName', options: 'a' }, properties: [{ id: 'unit', value: 'm' }, { id: 'custom.lineWidth', value: 2 }] }] } }] }).panels;
  if (!panel) throw new Error('no panel');
  expect(asTable(panel)).toMatchObject({ type: 'table', fieldConfig: { defaults: { unit: 's' }, overrides: [{ properties: [{ id: 'unit', value: 'm' }] }] } });
  expect(asTable(panel).fieldConfig.defaults).toEqual({ unit: 's' });
});
