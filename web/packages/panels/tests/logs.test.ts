// What a logs panel shows of its lines, and how it cuts, searches and writes them.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { columnsOf } from '../src/logs/columns';
import { exported } from '../src/logs/export_lines';
import { timeText } from '../src/logs/Line';
import { commonLabels, fieldNames, logLines, searched, uniqueLabels } from '../src/logs/lines';
import { BODY_FIELD, chosenFrom, readLogs } from '../src/logs/options';
import { piecesOf } from '../src/logs/pieces';

const field = (name: string, type: FieldType, values: unknown[], more: Partial<Field> = {}): Field => ({ name, type, values, config: {}, ...more });
const LABELS = [{ job: 'api', pod: 'a' }, { job: 'api', pod: 'b' }];
const FRAME: DataFrame = {
  length: 2,
  fields: [
    field('time', FieldType.time, [1_000, 2_000]),
    field('Line', FieldType.string, ['level=info took=5ms', 'level=error "b"']),
    field('labels', FieldType.other, LABELS),
    field('tsNs', FieldType.string, ['1000000042', '2000000000']),
    field('traceID', FieldType.string, ['', 'abc123']),
  ],
};
const LINES = logLines([FRAME], 'asc', 'none');

describe('options of a logs panel', () => {
  test('defaults', () => {
    expect(readLogs({})).toMatchObject({ order: 'desc', dedup: 'none', hasTime: true, hasLevel: true, hasDetails: true, hasControls: false, isHighlighted: false, isSidebar: false, displayedFields: [] });
  });
  test('without interactions there is nothing to press', () => {
    expect(readLogs({ noInteractions: true, showControls: true, showFieldSelector: true, enableLogDetails: true })).toMatchObject({ hasDetails: false, hasControls: false, hasFieldSelector: false });
  });
  test.each([
    ['{"showTime":false}', { showTime: false }],
    ['[1]', {}],
    ['no json', {}],
    [null, {}],
  ])('kept choices %s', (stored, want) => expect(chosenFrom(stored)).toEqual(want));
});

describe('lines of a log', () => {
  test('fields beside the message are theirs, those of the data source are not', () => expect(LINES.map(({ fields }) => fields)).toEqual([{}, { traceID: 'abc123' }]));
  test('nanoseconds where they are known', () => {
    expect(LINES.map((line) => timeText(line, 'utc', true).slice(-9))).toEqual(['000000042', '000000000']);
    expect(LINES.map((line) => timeText(line, 'utc', false).slice(-3))).toEqual(['000', '000']);
  });
  test('labels that all have, and those that tell lines apart', () => {
    const common = commonLabels(LINES);
    expect(common).toEqual({ job: 'api' });
    expect(LINES.map((line) => uniqueLabels(line, common, 2))).toEqual([{ pod: 'a' }, { pod: 'b' }]);
    expect(LINES.map((line) => uniqueLabels(line, common, 1))).toEqual(LABELS);
    expect(commonLabels([])).toEqual({});
  });
  test.each([
    ['', 2],
    ['TOOK', 1],
    ['abc123', 1],
    ['api', 2],
    ['nowhere', 0],
  ])('searched for "%s"', (wanted, count) => expect(searched(LINES, wanted)).toHaveLength(count));
  test('names of what can be displayed', () => expect(fieldNames(LINES)).toEqual(['job', 'pod', 'traceID']));
  test('columns are as wide as their widest, only where lines are not wrapped', () => {
    const displayedFields = ['job', 'traceID', BODY_FIELD];
    expect(columnsOf(LINES, readLogs({ displayedFields, unwrappedColumns: true })).map(({ width }) => width)).toEqual([3, 6, undefined]);
    expect(columnsOf(LINES, readLogs({ displayedFields, unwrappedColumns: true, wrapLogMessage: true })).map(({ width }) => width)).toEqual([undefined, undefined, undefined]);
  });
});

describe('pieces of a line', () => {
  const kinds = (text: string): string[] => piecesOf(text, true, '').filter(({ kind }) => kind).map(({ text: piece, kind }) => `${kind} ${piece}`);
  test.each([
    ['GET /x took=5.2ms', ['word GET', 'key took', 'number 5.2ms']],
    ['{"a": "b", "n": 7}', ['key "a"', 'string "b"', 'key "n"', 'number 7']],
    ['nothing here', []],
  ])('%s is coloured', (text, want) => expect(kinds(text)).toEqual(want));
  test('found parts within coloured ones keep their colour, and nothing is lost', () => {
    const pieces = piecesOf('a="xyx" x', true, 'X');
    expect(pieces.map(({ text }) => text).join('')).toBe('a="xyx" x');
    expect(pieces.filter(({ isFound }) => isFound)).toEqual([{ text: 'x', kind: 'string', isFound: true }, { text: 'x', kind: 'string', isFound: true }, { text: 'x', isFound: true }]);
  });
  test('neither coloured nor searched is one piece', () => expect(piecesOf('a=1', false, '')).toEqual([{ text: 'a=1' }]));
});

describe('lines as files', () => {
  test('text', () => expect(exported(LINES.slice(0, 1), 'txt')).toBe('1970-01-01T00:00:01.000Z\tinfo\tlevel=info took=5ms\n'));
  test('JSON', () => expect(JSON.parse(exported(LINES, 'json'))[1]).toEqual({ timestamp: '1970-01-01T00:00:02.000Z', level: 'error', line: 'level=error "b"', labels: LABELS[1], fields: { traceID: 'abc123' } }));
  test('CSV doubles quotes', () => expect(exported(LINES, 'csv').split('\n')[2]).toBe('"1970-01-01T00:00:02.000Z","error","level=error ""b""","{""job"":""api"",""pod"":""b""}"'));
});
