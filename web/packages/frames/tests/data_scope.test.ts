import { FieldType, getDisplayProcessor, createTheme, type DataFrame } from '@grafana/data';
import { interpolate } from '@narthex/vars';
import { describe, expect, test } from 'vitest';

import { applyFieldConfig, dataScope, isDataContext } from '../src';

const theme = createTheme();

function frameOf(): DataFrame {
  const host = { name: 'host', type: FieldType.string, values: ['a b', 'c'], config: {} };
  const time = { name: 'Time', type: FieldType.time, values: [1000, 2000], config: {} };
  const value = { name: 'Value', type: FieldType.number, values: [1.5, 20], labels: { job: 'x&y', code: '200' }, config: { unit: 'ms' } };
  const fields = [host, time, value].map((field) => ({ ...field, display: getDisplayProcessor({ field, theme }) }));
  return { name: 'the series', refId: 'A', length: 2, fields };
}

const replace = (text: string, more: { rowIndex?: number; calculatedValue?: { text: string; numeric: number } }, format?: string): string => {
  const frame = frameOf();
  const field = frame.fields[2];
  if (!field) throw new Error('no field');
  const context = { data: [frame], frame, frameIndex: 0, field, ...more };
  return interpolate(text, { lookup: (name) => dataScope(context, name), format });
};

describe('of a row', () => {
  test.each([
    ['${__value.raw} ${__value.numeric} ${__value.text} ${__value.time}', '20 20 20 ms 2000'],
    ['${__value}', '20 ms'],
    ['${__series.name}', 'the series'],
    ['${__field.name}', '{code="200", job="x&y"}'],
    ['${__field.labels.job} ${__field.labels["code"]}', 'x&y 200'],
    ['${__field.labels}', 'code="200", job="x&y"'],
    ['${__data.fields[0]} ${__data.fields.host} ${__data.fields["host"].text}', 'c c c'],
    ['${__data.fields.Value.numeric} ${__data.fields[2]}', '20 20 ms'],
    ['${__data.refId}', 'A'],
    ['${__data.fields.nothing} ${other}', '${__data.fields.nothing} ${other}'],
  ])('%s', (text, want) => expect(replace(text, { rowIndex: 1 })).toBe(want));
});

test('of a number that was calculated', () => {
  expect(replace('${__value.text} ${__value.numeric} ${__data.fields.host}', { calculatedValue: { text: '7', numeric: 7 } })).toBe('7 7 ${__data.fields.host}');
});

test('the usual format counts for fields, a written one comes first', () => {
  expect(replace('/x?h=${__data.fields.host}&j=${__field.labels.job:percentencode}', { rowIndex: 0 }, 'uriencode')).toBe('/x?h=a%20b&j=x%26y');
});

test('links of a configured field lead where the row says', () => {
  const [frame] = applyFieldConfig({
    frames: [frameOf()],
    fieldConfig: { defaults: { links: [{ title: 'To ${__data.fields.host}', url: '/d/x?host=${__data.fields.host}&v=${__value.raw}' }] }, overrides: [] },
    theme,
    timeZone: 'utc',
    replaceVariables: (text, scoped, format) => {
      const context: unknown = scoped?.['__dataContext']?.value;
      return interpolate(text ?? '', {
        lookup: (name) => dataScope(isDataContext(context) ? context : undefined, name),
        format: typeof format === 'string' ? format : undefined,
      });
    },
  });
  const [link] = frame?.fields[2]?.getLinks?.({ valueRowIndex: 0 }) ?? [];
  // @grafana/data makes addresses harmless and decodes them for that; the browser encodes the space again.
  expect([link?.title, link?.href]).toEqual(['To a b', '/d/x?host=a b&v=1.5']);
});

test.each([
  ['$job', [], 'shop'],
  ['${__field.labels.code} of $job', [], '200 of shop'],
  ['', [{ matcher: { id: 'byName', options: 'Value' }, properties: [{ id: 'displayName', value: '${__series.name}' }] }], 'the series'],
])('a field that is to be called "%s", overrides %j', (displayName, overrides, want) => {
  const frame = frameOf();
  const replaceVariables = (text: string, scoped?: Record<string, { value: unknown } | undefined>) => {
    const context: unknown = scoped?.['__dataContext']?.value;
    return interpolate(text, { lookup: (name) => (name === 'job' ? { value: 'shop' } : dataScope(isDataContext(context) ? context : undefined, name)) });
  };
  const defaults = displayName === '' ? {} : { displayName };
  const [applied] = applyFieldConfig({ frames: [frame], fieldConfig: { defaults, overrides }, theme, timeZone: 'utc', replaceVariables });
  expect(applied?.fields[2]?.config.displayName).toBe(want);
});
