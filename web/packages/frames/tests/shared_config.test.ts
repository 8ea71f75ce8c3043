import { applyFieldOverrides, createTheme, FieldType, type DataFrame, type Field, type FieldConfigSource } from '@grafana/data';
import { describe, expect, test, vi } from 'vitest';

import { applyFieldConfig } from '../src';
import { applyShared, type SharedRequest } from '../src/shared_config';

const THEME = createTheme();
const VALUES: Array<number | null> = [3, null, -2.5, NaN, 40];

const series = (name: string, values = VALUES, type = FieldType.number): DataFrame => ({
  refId: name,
  length: values.length,
  fields: [
    { name: 'Time', type: FieldType.time, values: values.map((_, at) => 1_700_000_000_000 + at * 15_000), config: { interval: 15_000 } },
    { name: 'Value', type, values, config: { displayNameFromDS: name }, labels: { name } },
  ],
});
const FRAMES = [series('a'), series('b', [7, 1, 2, 3, 4]), series('c', [1, 0, 1, 0, 1], FieldType.boolean), series('d', [], FieldType.string)];

const request = (fieldConfig: FieldConfigSource, frames = FRAMES): SharedRequest => ({
  frames,
  fieldConfig,
  theme: THEME,
  timeZone: 'utc',
  replaceVariables: (text, scoped) => text.replaceAll('${who}', String(scoped?.['__dataContext']?.value.field.name)),
  dataLinkPostProcessor: ({ linkModel }) => ({ ...linkModel, href: `/sub${linkModel.href}` }),
});

/** What a panel can find out of a field. */
function told(field: Field, at: number): unknown {
  const { scopedVars: _context, ...state } = field.state ?? {};
  const words = field.type === FieldType.time ? [] : ['12', 'text'];
  const shown = [...VALUES, 5e9, undefined, true, ...words].map((value) => [field.display?.(value), field.display?.(value, 3)]);
  return { ...field, state, display: shown, getLinks: field.getLinks?.({ valueRowIndex: at }).map(({ href, title }) => ({ href, title })) };
}
const all = (frames: DataFrame[] | undefined): unknown => frames?.map((frame) => ({ ...frame, fields: frame.fields.map((field) => told(field, 1)) }));

describe('says of each field what it says alone', () => {
  test.each<[string, FieldConfigSource['defaults']]>([
    ['nothing set', {}],
    ['units and palette', { unit: 'bytes', color: { mode: 'palette-classic' }, decimals: 1, custom: { lineWidth: 2, stacking: { mode: 'normal' } } }],
    ['colours by thresholds', { color: { mode: 'thresholds' }, thresholds: { mode: 'percentage', steps: [{ value: -Infinity, color: 'green' }, { value: 50, color: 'red' }] } } as FieldConfigSource['defaults']],
    ['a scheme over a given range', { color: { mode: 'continuous-GrYlRd' }, min: 10, max: -10 }],
    ['half a range', { color: { mode: 'continuous-BlPu' }, min: -100, noValue: 'none' }],
    ['mappings', { mappings: [{ type: 'value', options: { '3': { text: 'three', color: 'blue' } } }] } as FieldConfigSource['defaults']],
    ['times', { unit: 'dateTimeAsIso' }],
    ['links', { links: [{ title: 'more', url: '/more' }] }],
  ])('%s', (_name, defaults) => {
    const asked = request({ defaults, overrides: [] });
    const upstream = (data: DataFrame[]): DataFrame[] => applyFieldOverrides({ ...asked, data });
    const workOut = vi.fn(upstream);
    const shared = applyShared(asked, workOut);
    expect(all(shared)).toEqual(all(upstream(asked.frames)));
    expect(workOut).toHaveBeenCalledTimes(4);
  });

  test('and is what a panel gets', () => {
    const [first, second] = applyFieldConfig(request({ defaults: { unit: 's', custom: { lineWidth: 3 } }, overrides: [] }));
    expect(first?.fields[1]?.config).toEqual({ displayNameFromDS: 'a', unit: 's', custom: { lineWidth: 3 } });
    expect(second?.fields[1]?.config.custom).toBe(first?.fields[1]?.config.custom);
  });
});

describe('is left to each field where it hangs on the field', () => {
  const wide = (field: Partial<Field>): DataFrame[] => [{ length: 1, fields: [{ name: 'v', type: FieldType.number, config: {}, values: [1], ...field }] }];
  test.each<[string, FieldConfigSource, DataFrame[]]>([
    ['overrides', { defaults: {}, overrides: [{ matcher: { id: 'byName', options: 'Value' }, properties: [] }] }, FRAMES],
    ['a variable in a name', { defaults: { displayName: '${who}' }, overrides: [] }, FRAMES],
    ['a variable of old', { defaults: { unit: '[[unit]]' }, overrides: [] }, FRAMES],
    ['ranges of their own', { defaults: { fieldMinMax: true }, overrides: [] }, FRAMES],
    ['a unit of its own', { defaults: {}, overrides: [] }, wide({ config: { unit: 'bytes' } })],
    ['frames within', { defaults: {}, overrides: [] }, wide({ type: FieldType.nestedFrames, values: [] })],
  ])('%s', (_name, fieldConfig, frames) => {
    expect(applyShared(request(fieldConfig, frames), (data) => data)).toBeUndefined();
  });
});
