// What a file may hold of field configuration, and what of it is taken.
import { describe, expect, test } from 'vitest';

import { soundConfig, soundDefaults } from '../src/sound_config';

describe('defaults', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['text where numbers are', { min: '0', max: 'many', decimals: '1' }, { min: 0, decimals: 1 }],
    ['decimals beyond what numbers can be written with', { decimals: 400 }, { decimals: 20 }],
    ['another type', { unit: {}, displayName: 7, noValue: 0, links: 'x', mappings: {}, filterable: 'yes' }, { displayName: '7', noValue: '0' }],
    ['null', { unit: null, min: null, thresholds: null, color: null }, {}],
    ['a colour mode that is none', { color: { mode: 'rainbow' } }, {}],
    ['a colour', { color: { mode: 'fixed', fixedColor: 'red', seriesBy: 'odd' } }, { color: { mode: 'fixed', fixedColor: 'red' } }],
    ['thresholds', { thresholds: { steps: [{ value: null, color: 'green' }, 'x', { value: '80' }] } }, { thresholds: { mode: 'absolute', steps: [{ value: -Infinity, color: 'green' }, { value: 80, color: 'green' }] } }],
    ['thresholds without steps', { thresholds: { mode: 'absolute', steps: [] } }, {}],
    [
      'mappings',
      { mappings: [null, { type: 'regex', options: { pattern: '/(/' } }, { type: 'value', options: { 1: { text: 'one', color: '' } } }, { type: 'range', options: { from: '2', to: null } }, { type: 'odd' }] },
      { mappings: [{ type: 'value', options: { 1: { text: 'one' } } }, { type: 'range', options: { from: 2, to: null, result: {} } }] },
    ],
  ])('%s', (_name, given, want) => expect(soundDefaults(given)).toEqual({ ...want, custom: {} }));

  test('what belongs to the kind of panel', () => {
    const custom = { lineWidth: '2', fillOpacity: {}, drawStyle: 'bars', stacking: 'normal', scaleDistribution: { type: 'log', log: 7 }, lineStyle: { dash: [1, 'x', -1] }, pointSize: { fixed: '4' }, spanNulls: '60000', unknown: [1] };
    expect(soundDefaults({ custom }).custom).toEqual({ lineWidth: 2, drawStyle: 'bars', scaleDistribution: { type: 'log' }, lineStyle: { fill: 'solid', dash: [1] }, pointSize: { fixed: 4 }, spanNulls: 60_000, unknown: [1] });
  });
});

test('rules for fields that cannot be told, and values that are none, are left out', () => {
  const properties = [{ id: 'unit', value: 's' }, { id: 'thresholds', value: 'red' }, { id: 'custom.lineWidth', value: {} }, { id: 'min' }];
  const rule = (id: string, options: unknown) => ({ matcher: { id, options }, properties });
  const { overrides } = soundConfig({ defaults: {}, overrides: [rule('byName', 'a'), rule('nosuch', 'a'), rule('', null)] });
  expect(overrides).toEqual([{ matcher: { id: 'byName', options: 'a' }, properties: [{ id: 'unit', value: 's' }, { id: 'min' }] }]);
});
