// What a press on a slice, a bar, a state or a cell does.
import { createTheme, FieldType, type ActionModel, type DataFrame, type Field, type FieldConfig, type LinkModel } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { oneClickOf } from '../src/heatmap/tooltip';
import { legendItems } from '../src/histogram/HistogramPanel';
import { sampleIndexOf } from '../src/timeline/spans';
import { choicesAt, hasChoices, pressOf } from '../src/value_choices';

const link = (title: string, oneClick = false): LinkModel => ({ title, href: `https://example.com/${title}`, target: undefined, origin: {}, oneClick });
const action = (title: string, oneClick = false): ActionModel => ({ title, oneClick, onClick: () => {}, confirmation: () => '', style: {} });
const choices = (links: LinkModel[], actions: ActionModel[], isFollowed = false) => ({ links, actions, isFollowed });

describe('a press on a value', () => {
  test.each([
    ['one link', choices([link('a')], []), 'link'],
    ['two links', choices([link('a'), link('b')], []), 'menu'],
    ['a link and an action', choices([link('a')], [action('x')]), 'menu'],
    ['an action', choices([], [action('x')]), 'menu'],
    ['an action for a single press', choices([], [action('x'), action('y', true)]), 'action'],
    ['a link for a single press, and an action', choices([link('a', true)], [action('x', true)], true), 'link'],
    ['nothing', choices([], []), 'nothing'],
  ])('with %s', (_name, given, want) => expect(pressOf(given).kind).toBe(want));
});

const fetchAction = { title: 'Restart', type: 'fetch', fetch: { method: 'POST', url: 'https://example.com' } };

function field(config: object): Field {
  return { name: 'v', type: FieldType.number, values: [1, 2, 3], config, getLinks: ({ valueRowIndex }) => [link(`row${valueRowIndex}`), link('always', true)] };
}

describe('what a value of a row offers', () => {
  const frame: DataFrame = { length: 3, fields: [] };
  const asking = { interpolate: (text: string) => text, mayAct: true };
  test('the links of its row; one for a single press stands alone', () => {
    const found = choicesAt(frame, field({ links: [{ title: 'a', url: '' }, { title: 'b', url: '', oneClick: true }] }), 2, asking);
    expect([found.links.map(({ title }) => title), found.isFollowed]).toEqual([['always'], true]);
    const plain = choicesAt(frame, { ...field({ links: [{ title: 'a', url: '' }] }), getLinks: ({ valueRowIndex }) => [link(`row${valueRowIndex}`)] }, 2, asking);
    expect([plain.links.map(({ title }) => title), plain.isFollowed]).toEqual([['row2'], false]);
  });
  test('no links where the field says of none, no actions to whoever may not act', () => {
    expect(choicesAt(frame, field({ actions: [fetchAction] }), 0, asking)).toMatchObject({ links: [], actions: [{ title: 'Restart' }] });
    expect(choicesAt(frame, field({ actions: [fetchAction] }), 0, { ...asking, mayAct: false }).actions).toEqual([]);
  });
  test.each([
    [{}, true, false],
    [{ links: [{ title: 'a', url: '' }] }, false, true],
    [{ actions: [fetchAction] }, true, true],
    [{ actions: [fetchAction] }, false, false],
  ])('%j, allowed to act: %s', (config, mayAct, want) => expect(hasChoices(config as FieldConfig, mayAct)).toBe(want));
});

test.each([
  [true, { fromMs: 20, toMs: 40, value: 1 }, 1],
  [false, { fromMs: 25, toMs: 35, value: 1 }, 2],
])('the sample of a state (changes: %s)', (isChanges, span, want) => {
  const value: Field = { name: 'v', type: FieldType.number, values: [1, 1, 1], config: {} };
  const frame: DataFrame = { length: 3, fields: [{ name: 'Time', type: FieldType.time, values: [10, 20, 30], config: {} }, value] };
  expect(sampleIndexOf({ frame, field: value, spans: [span] }, span, isChanges)).toBe(want);
});

test('a cell of a heatmap has the link for a single press of its bucket and time', () => {
  const data = (links: object[]) => ({ timesMs: [1, 2], bounds: ['1'], values: [[1, 2]], lowest: undefined, min: 0, max: 2, fields: [field({ links })] }) as unknown as Parameters<typeof oneClickOf>[0];
  const single = data([{ title: 'b', url: '', oneClick: true }]);
  expect(oneClickOf(single, { bucket: 0, column: 1 }).map(({ title }) => title)).toEqual(['always']);
  expect(oneClickOf(single, undefined)).toEqual([]);
  expect(oneClickOf(data([{ title: 'a', url: '' }]), { bucket: 0, column: 1 })).toEqual([]);
});

test('the legend of a histogram calculates over the counts of its buckets', () => {
  const counts = (name: string, values: number[]): Field => ({ name, type: FieldType.number, config: {}, values });
  const buckets = { xMin: counts('xMin', [0, 1]), xMax: counts('xMax', [1, 2]), counts: [counts('a', [3, 5])] };
  const values = (legend: object) => legendItems(buckets, { legend }, createTheme())[0]?.getDisplayValues?.().map(({ title, numeric }) => [title, numeric]);
  expect(values({ calcs: ['max', 'sum'] })).toEqual([['Max', 5], ['Total', 8]]);
  expect(values({})).toEqual([]);
});
