import { createTheme, FieldType, ThresholdsMode, type Field, type FieldConfig } from '@grafana/data';
import { expect, test } from 'vitest';

import { barStops } from '../src/barchart/paints';

const theme = createTheme({ colors: { mode: 'dark' } });
const EXTENT = { min: 0, max: 100 };
const field = (gradientMode: string, config: FieldConfig = {}): Field => ({ name: 'a', type: FieldType.number, config: { ...config, custom: { gradientMode } }, values: [20, 60] });
const stops = (mode: string, config?: FieldConfig) => barStops(field(mode, config), '#ff0000', 0.8, EXTENT, theme);
const THRESHOLDS = { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: '#00ff00' }, { value: 80, color: '#ff0000' }] };

test('none, and no mode at all', () => {
  expect(stops('none')).toBeUndefined();
  expect(barStops({ ...field(''), config: {} }, '#ff0000', 0.8, EXTENT, theme)).toBeUndefined();
});

test('opacity grows upwards', () => {
  expect(stops('opacity')).toEqual([{ offset: 0, color: '#ff0000', opacity: 0 }, { offset: 1, color: '#ff0000', opacity: 0.8 }]);
});

test('hue turns around the colour', () => {
  expect(stops('hue')?.map(({ color }) => color)).toEqual(['hsl(from #ff0000 calc(h - 25) s calc(l - 15))', 'hsl(from #ff0000 calc(h + 20) calc(s + 20) calc(l + 15))']);
});

test('a scheme of thresholds changes at their values', () => {
  const found = stops('scheme', { color: { mode: 'thresholds' }, thresholds: THRESHOLDS });
  expect(found?.map(({ offset, color }) => [offset, color])).toEqual([[0, '#00ff00'], [0.8, '#00ff00'], [0.8, '#ff0000'], [1, '#ff0000']]);
});

test('thresholds in percent are of the range of the field', () => {
  const found = stops('scheme', { color: { mode: 'thresholds' }, min: 0, max: 50, thresholds: { ...THRESHOLDS, mode: ThresholdsMode.Percentage } });
  expect(found?.[1]?.offset).toBeCloseTo(0.4);
});

test('a continuous scheme runs over the range of the values', () => {
  const found = stops('scheme', { color: { mode: 'continuous-GrYlRd' } });
  expect([found?.[0]?.offset, found?.at(-1)?.offset]).toEqual([0.2, 0.6]);
});

test('a fixed colour is no scheme', () => {
  expect(stops('scheme', { color: { mode: 'fixed', fixedColor: 'red' } })).toBeUndefined();
});
