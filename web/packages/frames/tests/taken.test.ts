import { createTheme, dateTime, FieldType, type DataFrame } from '@grafana/data';
import { expect, test } from 'vitest';

import { applyFieldConfig, bareFrames, csvOf, joinedByTime } from '../src';

const series = (job: string, times: number[], values: Array<number | null>): DataFrame => ({
  refId: 'A',
  length: times.length,
  fields: [
    { name: 'Time', type: FieldType.time, config: {}, values: times },
    { name: 'Value', type: FieldType.number, config: {}, labels: { job }, values },
  ],
});
const formatted = (frames: DataFrame[]): DataFrame[] =>
  applyFieldConfig({ frames, fieldConfig: { defaults: { unit: 'bytes' }, overrides: [] }, theme: createTheme(), timeZone: 'utc', replaceVariables: (text) => text });
const table = (rows: unknown[][]): DataFrame => ({
  length: rows.length,
  fields: ['Name', 'Value, "quoted"'].map((name, at) => ({ name, type: FieldType.other, config: {}, values: rows.map((row) => row[at]) })),
});
const START = dateTime('2026-01-02T03:04:05Z').valueOf();

test('series become columns of one table, rows by time', () => {
  const joined = joinedByTime(formatted([series('a', [START, START + 1000], [1024, null]), series('b', [START + 1000], [2])]));
  expect(csvOf(joined ? [joined] : [])).toBe('\uFEFF"Time","a","b"\r\n2026-01-02 03:04:05.000,1 KiB,\r\n2026-01-02 03:04:06.000,,2 B');
});

test('what is no series, or alone, is not joined', () => {
  expect(joinedByTime([series('a', [1], [1])])).toBeUndefined();
  expect(joinedByTime([series('a', [1], [1]), table([['x', 1]])])).toBeUndefined();
});

test('joining leaves the frames as they were', () => {
  const frames = formatted([series('a', [1], [1]), series('b', [1], [2])]);
  const before = frames.map(({ fields }) => fields.map(({ state, config }) => [{ ...state }, config]));
  joinedByTime(frames);
  expect(frames.map(({ fields }) => fields.map(({ state, config }) => [{ ...state }, config]))).toEqual(before);
});

test('values are quoted where a reader would take them apart', () => {
  const rows = [
    ['plain', 1.5],
    ['a,b', null],
    ['say "x"', undefined],
    ['two\nlines', { deep: [1] }],
    ['=1+1', true],
  ];
  const want = ['"Name","Value, ""quoted"""', 'plain,1.5', '"a,b",', '"say ""x""",', '"two\nlines","{""deep"":[1]}"', '=1+1,true'];
  expect(csvOf(bareFrames([table(rows)]))).toBe('\uFEFF' + want.join('\r\n'));
});

test('a spreadsheet is told of the comma', () => {
  expect(csvOf(bareFrames([table([['x', 1]])]), true)).toBe('\uFEFFsep=,\r\n"Name","Value, ""quoted"""\r\nx,1');
});
