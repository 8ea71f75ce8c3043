// What the table panel hands to the table of @grafana/ui.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { expect, test } from 'vitest';

import { footerOf, forTable } from '../src/table/prepare';
import { readTable } from '../src/table/TablePanel';

const field = (name: string, type: FieldType, values: unknown[], custom = {}): Field => ({ name, type, values, config: { custom } });

test('options with their defaults', () => {
  expect(readTable({})).toEqual({ noHeader: false, showTypeIcons: false, cellHeight: 'sm', frozenColumns: 0, enablePagination: false, disableKeyboardEvents: false, sortBy: [] });
});
test('options as they are set', () => {
  const options = { showHeader: false, showTypeIcons: true, cellHeight: 'auto', maxRowHeight: 90, frozenColumns: { left: 2 }, enablePagination: true, pageSize: 7.5, disableKeyboardEvents: true, sortBy: [{ displayName: 'a', desc: true }] };
  expect(readTable(options)).toEqual({ noHeader: true, showTypeIcons: true, cellHeight: 'auto', maxRowHeight: 90, frozenColumns: 2, enablePagination: true, pageSize: 7, disableKeyboardEvents: true, sortBy: [{ displayName: 'a', desc: true }] });
});
test.each([[{ maxRowHeight: 0, pageSize: 0 }], [{ maxRowHeight: 'x', pageSize: -1 }]])('%j sets no bounds', (options) => {
  expect(readTable(options)).not.toHaveProperty('maxRowHeight');
  expect(readTable(options)).not.toHaveProperty('pageSize');
});
test('hidden columns, names and footers, in the tables within rows, too', () => {
  const inner: DataFrame = { length: 1, fields: [field('n', FieldType.number, [1]), field('h', FieldType.string, ['x'], { hidden: true })] };
  const frame: DataFrame = { length: 1, fields: [field('g', FieldType.string, ['a']), field('nested', FieldType.nestedFrames, [[inner]])] };
  const ready = forTable(frame, [frame], footerOf({ footer: { show: true, reducer: ['sum'] } }));
  const [tables] = (ready.fields[1]?.values ?? []) as DataFrame[][];
  const nested = tables?.[0];
  expect(nested?.fields.map(({ config, state }) => [state?.displayName, config.custom])).toEqual([
    ['n', { footer: { reducers: ['sum'] } }],
    ['h', { hidden: true, hideFrom: { viz: true } }],
  ]);
  expect(ready.fields[0]?.config.custom).toEqual({});
});
