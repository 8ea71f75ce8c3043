// Ours against what @grafana/data itself answers, as tools/golden.mjs wrote it down.
import fs from 'node:fs';
import path from 'node:path';

import { createTheme, FieldType, formattedValueToString, getFieldDisplayName, reduceField, type DataFrame, type Field, type FieldConfig } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { applyFieldConfig, transformFrames } from '../src';

type Row = readonly unknown[];

function rowsOf(name: string): Row[] {
  const table: { package: string; rows: Row[] } = JSON.parse(fs.readFileSync(path.join(__dirname, 'golden', `${name}.json`), 'utf8'));
  return table.rows;
}

const theme = createTheme();
const plain = (value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value === undefined ? 'undefined' : value);
const named = (values: readonly unknown[]): DataFrame => ({ length: values.length, fields: [{ name: 'v', type: FieldType.number, config: {}, values: values.map((one) => (one === 'NaN' ? NaN : one)) }] });

test('the tables are of the version that is built in', () => {
  const { version } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../../node_modules/@grafana/data/package.json'), 'utf8'));
  for (const name of ['units', 'reducers', 'transformations']) {
    expect(JSON.parse(fs.readFileSync(path.join(__dirname, 'golden', `${name}.json`), 'utf8')).package).toBe(`@grafana/data ${version}`);
  }
});

function configured(values: readonly unknown[], defaults: FieldConfig): Field | undefined {
  const fieldConfig = { defaults, overrides: [] };
  return applyFieldConfig({ frames: [named(values)], fieldConfig, theme, timeZone: 'utc', replaceVariables: (text) => text ?? '' })[0]?.fields[0];
}

describe('units', () => {
  const VALUES = [0, 1, -1, 0.00123, 12.345, 999.95, 1024, 123_456.789, 98_765_432_100];
  test.each(rowsOf('units'))('%s with decimals %s', (unit, decimals, want) => {
    const display = configured(VALUES, { unit: String(unit), ...(decimals === null ? {} : { decimals: Number(decimals) }) })?.display;
    expect(VALUES.map((value) => display && formattedValueToString(display(value)))).toEqual(want);
  });
});

describe('reducers', () => {
  // Of fields as legends, stats and tables hand them over. (The transformation `reduce` makes NaN of a null.)
  test.each(rowsOf('reducers'))('%s', (id, columns) => {
    for (const [values, want] of columns as Array<[unknown[], unknown]>) {
      const field = configured(values, {});
      const value: unknown = field && reduceField({ field, reducers: [String(id)] })[String(id)];
      expect(Array.isArray(value) ? value.map(plain) : plain(value), JSON.stringify(values)).toEqual(want);
    }
  });
});

describe('transformations', () => {
  test.each(rowsOf('transformations'))('%s with %j', async (id, options, input, want) => {
    const given = (input as Array<{ refId: string; fields: Field[] }>).map((frame) => ({ ...frame, length: frame.fields[0]?.values.length ?? 0 }));
    const { frames, notices } = await transformFrames(given, [{ id, options }], (text) => text);
    expect(notices).toEqual([]);
    const told = frames.map((frame) => frame.fields.map((field) => [getFieldDisplayName(field, frame, frames), field.type, field.values.map(plain)]));
    // As JSON writes it, which knows no undefined.
    expect(JSON.parse(JSON.stringify(told))).toEqual(want);
  });
});
