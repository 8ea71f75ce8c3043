import { fieldColorModeRegistry, fieldMatchers } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { colorModes, hasOneColor, isByValue } from '../src/edit/color_modes';
import { gapMode, GAP_MODES, gapOf, gapText } from '../src/edit/gaps';
import { generalSpecs } from '../src/edit/general_specs';
import { begunAt, completed, offered, pageVariables, valueVariables } from '../src/edit/link_variables';
import { entriesOf, mappingOf, mappingsOf, rowsOf } from '../src/edit/MappingsField';
import { describeMatcher, freshMatcher, MATCHER_KINDS, withMatcherKind } from '../src/edit/matchers';
import { moved } from '../src/edit/moved';
import { bounded, boundsOf } from '../src/edit/option_bounds';
import { differs, grouped, groupTitle, inOrder, isWanted } from '../src/edit/option_groups';
import type { OptionSpec } from '../src/edit/option_spec';
import { freshProperty, propertySpecs } from '../src/edit/override_specs';
import { withType } from '../src/edit/panel_type';
import { fieldOptions, panelOptions } from '../src/edit/specs';
import { standardOptions } from '../src/edit/standard_specs';
import { unitChoice, unitChoices } from '../src/edit/units';

const spec = (path: string, more: Partial<OptionSpec> = {}): OptionSpec => ({ path, label: path, kind: 'text', ...more });

describe('colour modes (FIELD-2)', () => {
  const ids = colorModes().map(({ id }) => id);
  test('all that fields know are offered, the usual ones first', () => {
    expect(ids.slice(0, 5)).toEqual(['fixed', 'shades', 'thresholds', 'palette-classic', 'palette-classic-by-name']);
    const wanted = ['GrYlRd', 'RdYlGr', 'BlYlRd', 'YlRd', 'BlPu', 'YlBl', 'blues', 'reds', 'greens', 'purples', 'viridis', 'magma', 'plasma', 'inferno', 'cividis'].map((name) => `continuous-${name}`);
    expect(ids).toEqual(expect.arrayContaining(wanted));
    expect(ids.length).toBe(fieldColorModeRegistry.list().length - 1);
  });
  test('which of them take one colour, which look at the value', () => {
    expect(ids.filter(hasOneColor)).toEqual(['fixed', 'shades']);
    expect(['thresholds', 'continuous-blues', 'fixed', 'palette-classic'].map(isByValue)).toEqual([true, true, false, false]);
  });
  test('a panel starts from the colours of its kind', () => {
    const fallback = (type: string): unknown => standardOptions(type).find(({ path }) => path === 'color')?.fallback;
    expect([fallback('timeseries'), fallback('stat')]).toEqual([{ mode: 'palette-classic' }, { mode: 'thresholds' }]);
  });
});

describe('headings of options', () => {
  test.each<[string, string, boolean, string]>([
    ['timeseries', 'options.legend.calcs', false, 'Legend'],
    ['timeseries', 'options.tooltip.mode', false, 'Tooltip'],
    ['timeseries', 'axisSoftMin', true, 'Axis'],
    ['timeseries', 'scaleDistribution.type', true, 'Axis'],
    ['timeseries', 'lineWidth', true, 'Graph styles'],
    ['timeseries', 'thresholdsStyle.mode', true, 'Thresholds'],
    ['stat', 'options.reduceOptions.calcs', false, 'Value options'],
    ['stat', 'options.colorMode', false, 'Stat styles'],
    ['table', 'cellOptions.type', true, 'Cell options'],
    ['table', 'width', true, 'Table'],
  ])('%s: %s', (type, path, isField, want) => expect(groupTitle(type, 'Table', spec(path), isField)).toBe(want));
  test('what an option says of itself goes before', () => expect(groupTitle('stat', 'Stat', spec('options.x', { group: 'Else' }), false)).toBe('Else'));
  test('they come in the order of Grafana', () => {
    expect(inOrder(['Thresholds', 'Standard options', 'Graph styles', 'Axis', 'Legend', 'Tooltip', 'Time series', 'Panel options'])).toEqual(['Panel options', 'Time series', 'Tooltip', 'Legend', 'Axis', 'Graph styles', 'Standard options', 'Thresholds']);
  });
  test('options share one, wherever they stand', () => {
    const groups = grouped([spec('a'), spec('b'), spec('aa')], ({ path }) => path.slice(0, 1));
    expect(groups.map(({ title, specs }) => [title, specs.length])).toEqual([['a', 2], ['b', 1]]);
  });
});

describe('an option that differs from its default', () => {
  test.each<[unknown, unknown, boolean]>([
    [undefined, 1, false],
    [1, 1, false],
    [2, 1, true],
    [false, true, true],
    [false, undefined, false],
    ['', undefined, false],
    [0, undefined, true],
    [[], undefined, false],
    [[], [], false],
    [{ mode: 'fixed' }, { mode: 'thresholds' }, true],
  ])('%j where %j is the default: %j', (value, fallback, want) => expect(differs({ a: { b: value } }, { path: 'a.b', fallback })).toBe(want));
});

test.each<[string, boolean]>([
  ['', true],
  ['width', true],
  ['WIDTH graph', true],
  ['lineWidth', true],
  ['pixels', true],
  ['axis', false],
])('a search for "%s" finds the line width: %j', (wanted, want) => expect(isWanted(spec('lineWidth', { label: 'Line width', hint: 'In pixels' }), 'Graph styles', wanted)).toBe(want));

describe('bounds of numbers', () => {
  test('of fields and of overrides alike; the option goes before', () => {
    expect([boundsOf(spec('lineWidth')), boundsOf(spec('custom.lineWidth')), boundsOf(spec('lineWidth', { max: 3 })), boundsOf(spec('min'))]).toEqual([
      { min: 0, max: 10, step: 1 },
      { min: 0, max: 10, step: 1 },
      { min: 0, max: 3, step: 1 },
      {},
    ]);
  });
  test('a number beyond them is the nearest within', () => {
    const bounds = { min: 0, max: 10 };
    expect([bounded(-1, bounds), bounded(0, bounds), bounded(11, bounds), bounded(11, { min: 0 }), bounded(-5, {})]).toEqual([0, 0, 10, 11, -5]);
  });
});

describe('repeating', () => {
  const paths = (panel: Record<string, unknown>): string[] => generalSpecs(panel).map(({ path }) => path).slice(5);
  test('direction and columns belong to a variable', () => {
    expect([paths({}), paths({ repeat: 'job' }), paths({ repeat: 'job', repeatDirection: 'v' })]).toEqual([[], ['repeatDirection', 'maxPerRow'], ['repeatDirection']]);
  });
});

describe('names in links', () => {
  const facts = { names: ['CPU time', 'GET'], labels: ['job', 'k8s.pod'], variables: ['host'] };
  const texts = valueVariables(facts).map(({ text }) => text);
  test('of the value, its field, its row, the page', () => {
    expect(texts).toEqual(expect.arrayContaining(['${__value.raw}', '${__field.name}', '${__field.labels.job}', '${__field.labels["k8s.pod"]}', '${__data.fields["CPU time"]}', '${__data.fields.GET}', '${host}', '${host:queryparam}', '${__url_time_range}']));
    expect(pageVariables(facts).some(({ text }) => text.includes('__value'))).toBe(false);
  });
  test.each<[string, number, ReturnType<typeof begunAt>]>([
    ['a $', 3, { from: 2, word: '' }],
    ['a ${__val', 9, { from: 2, word: '__val' }],
    ['a ${x} b', 8, undefined],
    ['a ${x}', 3, { from: 2, word: '' }],
    ['plain', 5, undefined],
  ])('in %j at %d', (text, caret, want) => expect(begunAt(text, caret)).toEqual(want));
  test('a name is found by any part of it', () => expect(offered(valueVariables(facts), 'labels.j').map(({ text }) => text)).toEqual(['${__field.labels.job}']));
  test.each([
    ['http://x/?a=$', 13, 'http://x/?a=${host}'],
    ['http://x/?a=${ho', 16, 'http://x/?a=${host}'],
    ['http://x/?a=${ho}&b=1', 16, 'http://x/?a=${host}&b=1'],
  ])('%s is completed', (text, caret, want) => expect(completed(text, caret, '${host}')).toEqual({ text: want, caret: 19 }));
});

describe('matchers (FIELD-3)', () => {
  test('every kind with its first options is one that fields know', () => {
    for (const { id } of MATCHER_KINDS) {
      const { options } = freshMatcher(id);
      expect(typeof fieldMatchers.get(id).get(options), id).toBe('function');
    }
  });
  test.each<[Record<string, unknown>, string, Record<string, unknown>]>([
    [{ id: 'byName', options: 'GET' }, 'byRegexp', { id: 'byRegexp', options: 'GET' }],
    [{ id: 'byName', options: 'GET' }, 'byNames', { id: 'byNames', options: { mode: 'include', names: ['GET'] } }],
    [{ id: 'byNames', options: { mode: 'exclude', names: ['GET', 'PUT'] } }, 'byName', { id: 'byName', options: 'GET' }],
    [{ id: 'byName', options: 'GET' }, 'byType', { id: 'byType', options: 'number' }],
    [{ id: 'byName', options: 'GET' }, 'numeric', { id: 'numeric' }],
  ])('%j as %s', (matcher, id, want) => expect(withMatcherKind(matcher, id)).toEqual(want));
  test.each<[Record<string, unknown>, string]>([
    [{ id: 'byName', options: 'GET' }, 'Fields with name: GET'],
    [{ id: 'byNames', options: { mode: 'exclude', names: ['GET', 'PUT'] } }, 'All but: GET, PUT'],
    [{ id: 'byValue', options: { reducer: 'max', op: 'gte', value: 3 } }, 'Fields with values: max gte 3'],
    [{ id: 'byTypes', options: ['number', 'time'] }, 'Fields with one of the types: number, time'],
    [{ id: 'numeric' }, 'Numeric fields'],
    [{ id: 'ofOthers', options: 'x' }, 'ofOthers: x'],
  ])('%j in words', (matcher, want) => expect(describeMatcher(matcher)).toBe(want));
});

describe('properties of overrides (FIELD-3)', () => {
  const of = (type: string) => new Map(propertySpecs(type).map((one) => [one.path, one]));
  test('standard ones, those of the panel, and several options in one value', () => {
    const graph = of('timeseries');
    expect(['unit', 'color', 'thresholds', 'mappings', 'links', 'custom.lineWidth', 'custom.hideFrom'].map((path) => graph.get(path)?.kind)).toEqual(['unit', 'colorScheme', 'thresholds', 'mappings', 'links', 'number', 'parts']);
    expect(graph.get('custom.scaleDistribution')?.parts?.map(({ path }) => path)).toEqual(expect.arrayContaining(['type', 'log']));
    expect(of('stat').has('custom.lineWidth')).toBe(false);
  });
  test('each begins with something to see', () => {
    const graph = of('timeseries');
    const fresh = (path: string): unknown => freshProperty(graph.get(path) ?? spec(path));
    expect(fresh('color')).toEqual({ id: 'color', value: { mode: 'fixed', fixedColor: 'blue' } });
    expect(fresh('custom.axisBorderShow')).toEqual({ id: 'custom.axisBorderShow', value: true });
    expect(fresh('custom.hideFrom')).toEqual({ id: 'custom.hideFrom', value: { viz: true, legend: false, tooltip: false } });
    expect(fresh('custom.stacking')).toEqual({ id: 'custom.stacking', value: { mode: 'none' } });
    expect(fresh('min')).toEqual({ id: 'min' });
  });
});

describe('value mappings (FIELD-4)', () => {
  test.each<[Record<string, unknown>]>([
    [{ type: 'value', options: { '1': { text: 'on', color: 'green', index: 2 } } }],
    [{ type: 'range', options: { from: 1, to: null, result: { text: 'much' } } }],
    [{ type: 'regex', options: { pattern: '/a(.)/', result: { text: '$1' } } }],
    [{ type: 'special', options: { match: 'null+nan', result: { text: '-' } } }],
  ])('%j is read and written', (mapping) => expect(entriesOf(mapping).map(mappingOf)).toEqual([mapping]));
  test('of all four kinds become rows in their order, and mappings again', () => {
    const rows = rowsOf([
      { type: 'value', options: { b: { text: 'B', index: 1 }, a: { text: 'A', color: 'red', index: 0 } } },
      { type: 'range', options: { from: 1, to: null, result: { text: 'many', index: 2 } } },
      { type: 'regex', options: { pattern: '/x(.*)/', result: { text: '$1', index: 3 } } },
      { type: 'special', options: { match: 'null+nan', result: { text: 'none', index: 4 } } },
    ]);
    expect(rows.map(({ kind, match }) => [kind, match])).toEqual([
      ['value', 'a'],
      ['value', 'b'],
      ['range', '1..'],
      ['regex', '/x(.*)/'],
      ['special', 'null+nan'],
    ]);
    expect(rowsOf(mappingsOf(rows))).toEqual(rows);
    expect(mappingsOf(rows.toReversed()).map((one) => one['type'])).toEqual(['special', 'regex', 'range', 'value', 'value']);
    expect(mappingsOf(rows.toReversed())[0]).toEqual({ type: 'special', options: { match: 'null+nan', result: { text: 'none', index: 0 } } });
  });
});

describe('another kind of panel', () => {
  const graph = { id: 1, type: 'timeseries', title: 'T', pluginVersion: '9', targets: [{ refId: 'A' }], options: { legend: { placement: 'right' }, tooltip: { mode: 'multi' } }, fieldConfig: { defaults: { unit: 's', custom: { lineWidth: 3, fillOpacity: 10 } }, overrides: [] } };
  test('keeps what both know, and what only one knows for going back', () => {
    const bars = withType(graph, 'barchart');
    expect(bars).toEqual({ ...graph, type: 'barchart', pluginVersion: undefined });
    expect(withType(bars, 'timeseries')).toEqual({ ...graph, pluginVersion: undefined });
  });
  test('a choice that means something else there goes', () => {
    const text = { id: 1, type: 'text', options: { mode: 'markdown', content: '# A' } };
    expect(withType(text, 'candlestick')).toEqual({ id: 1, type: 'candlestick', options: { content: '# A' } });
    expect(panelOptions('candlestick').some(({ path }) => path === 'options.mode')).toBe(true);
  });
  test('the same kind is the same panel', () => expect(withType(graph, 'timeseries')).toBe(graph));
});

test.each<[number, number, string]>([
  [0, 1, 'bac'],
  [2, -1, 'acb'],
  [0, -1, 'abc'],
  [2, 1, 'abc'],
  [0, 2, 'bca'],
])('the member at %d moved by %d', (from, by, want) => expect(moved(['a', 'b', 'c'], from, by).join('')).toBe(want));

describe('gaps of lines', () => {
  test.each([
    [undefined, 'never'],
    [false, 'never'],
    [true, 'always'],
    [90_000, 'threshold'],
  ])('%j is %s', (value, mode) => expect(gapMode(value)).toBe(mode));
  test('what is chosen is what is written', () => {
    for (const { value } of GAP_MODES) expect(gapMode(gapOf(value))).toBe(value);
  });
  test.each([
    [3_600_000, '1h'],
    [90_000, '90s'],
    [1500, '1500ms'],
    [172_800_000, '2d'],
  ])('%d ms are %s', (ms, text) => expect(gapText(ms)).toBe(text));
  test('lines bridge gaps by length; they are cut from a length on', () => {
    const kinds = fieldOptions('timeseries').filter(({ path }) => path.endsWith('Nulls')).map(({ kind }) => kind);
    expect(kinds).toEqual(['gap', 'gapFrom']);
  });
});

describe('units (FIELD-9)', () => {
  test.each([
    ['requests/sec', 'reqps'],
    ['bytes iec', 'bytes'],
    ['reqps', 'reqps'],
    ['suffix:req', 'suffix:req'],
    ['si:mF', 'si:mF'],
  ])('%s finds %s first', (typed, want) => expect(unitChoices(typed)[0]?.value).toBe(want));
  test('what is typed can be taken, behind what is known; a known one is no unit of one\'s own', () => {
    expect(unitChoices('requests').at(-1)).toEqual({ value: 'requests', label: 'Custom unit: requests', group: 'Custom' });
    expect(unitChoices('reqps').some(({ group }) => group === 'Custom')).toBe(false);
    expect(unitChoices('').length).toBeGreaterThan(250);
  });
  test('its name is shown, of one\'s own what it is', () => {
    expect([unitChoice('')?.label, unitChoice('reqps')?.label, unitChoice('suffix:x')?.label]).toEqual([undefined, 'Throughput / requests/sec (rps)', 'suffix:x']);
  });
});
