// The gauge of version 13: its options, its geometry, its colours.
import { createTheme, FieldColorModeId, FieldType, ThresholdsMode } from '@grafana/data';
import { loadDashboard } from '@narthex/dashmodel';
import { describe, expect, test } from 'vitest';

import { arcPath } from '../src/gauge/arc';
import { barSpan, colorAt, colorStops, layoutOf, segments, slices } from '../src/gauge/radial';
import { isRadial, readRadial, shownText } from '../src/gauge/radial_options';
import { sparkPath } from '../src/gauge/spark';
import { shrunk } from '../src/plot/label_width';

const BOUNDS = { min: -50, max: 50 };

describe('options of a gauge', () => {
  test('a file of before has none of the new ones', () => expect(isRadial({ showThresholdMarkers: true, minVizWidth: 75, sizing: 'auto' })).toBe(false));
  test.each(['shape', 'barShape', 'neutral', 'effects', 'sparkline'])('%s is one of the new', (key) => expect(isRadial({ [key]: null })).toBe(true));
  test.each([
    ['12.4.2', false],
    ['13.0.1', true],
    [undefined, false],
  ])('a panel of version %s without any is drawn anew: %s', (pluginVersion, want) => {
    const { panels } = loadDashboard({ schemaVersion: 42, panels: [{ type: 'gauge', pluginVersion, options: {} }] });
    expect(isRadial(panels[0]?.options ?? {})).toBe(want);
  });
  test('defaults are those of the schema', () => {
    expect(readRadial({ shape: 'gauge' })).toEqual({
      shape: 'gauge', isRounded: false, barWidthFactor: 0.5, segmentCount: 1, segmentSpacing: 0.3, hasSparkline: true, endpointMarker: 'point', textMode: 'auto',
      neutral: undefined, hasBarGlow: false, hasCenterGlow: false, hasGradient: true, hasMarkers: true, hasLabels: false,
    });
  });
  test('what is out of bounds is taken back into them', () => {
    expect(readRadial({ barWidthFactor: 9, segmentCount: 1e9, segmentSpacing: -1, shape: 'star' })).toMatchObject({ barWidthFactor: 1, segmentCount: 100, segmentSpacing: 0, shape: 'gauge' });
  });
  test.each([
    ['auto', 1, { value: true, name: false }],
    ['auto', 2, { value: true, name: true }],
    ['name', 1, { value: false, name: true }],
    ['none', 2, { value: false, name: false }],
  ])('text %s of %d gauges', (textMode, count, want) => expect(shownText(readRadial({ textMode }), count)).toEqual(want));
});

describe('parts of a gauge', () => {
  test('a whole circle takes two arcs', () => expect(arcPath({ x: 0, y: 0, radius: 9 }, 0, 1, { startDegrees: -90, degrees: 360 }).match(/M/g)).toHaveLength(2));
  test.each(['gauge', 'circle'] as const)('a %s stays within its box, labels too', (shape) => {
    for (const [width, height] of [[300, 120], [90, 200], [200, 200]] as const) {
      const { bar, barWidth, labels } = layoutOf(width, height, readRadial({ shape, showThresholdLabels: true }));
      const reach = bar.radius + barWidth / 2;
      expect(bar.x - reach).toBeGreaterThanOrEqual(0);
      expect(bar.y - reach).toBeGreaterThanOrEqual(0);
      expect(labels.x - labels.radius).toBeGreaterThanOrEqual(0);
      if (shape === 'circle') expect(bar.y + reach).toBeLessThanOrEqual(height);
    }
  });
  test('the bar is as wide as asked for', () => {
    const width = (barWidthFactor: number): number => layoutOf(200, 200, readRadial({ barWidthFactor })).barWidth;
    expect(width(1) / width(0.5)).toBeCloseTo(2);
  });
  test.each([
    [25, undefined, { from: 0, to: 0.75, end: 0.75 }],
    [25, 0, { from: 0.5, to: 0.75, end: 0.75 }],
    [-25, 0, { from: 0.25, to: 0.5, end: 0.25 }],
  ])('the bar to %d with the neutral value %s', (value, neutral, want) => expect(barSpan(value, BOUNDS, neutral)).toEqual(want));
  test('segments have gaps between them, and are filled where the bar is', () => {
    const options = readRadial({ shape: 'circle', segmentCount: 10, segmentSpacing: 0.4 });
    const all = segments({ from: 0, to: 0.5 }, options, layoutOf(200, 200, options));
    expect(all.filter(({ isFilled }) => isFilled)).toHaveLength(5);
    all.slice(1).forEach(({ from }, index) => expect(from - (all[index]?.to ?? 0)).toBeCloseTo(0.02));
    expect(all.at(-1)?.to).toBeCloseTo(0.98);
  });
  test('no more segments than can be told apart', () => {
    const options = readRadial({ segmentCount: 100 });
    expect(segments({ from: 0, to: 1 }, options, layoutOf(60, 60, options)).length).toBeLessThan(50);
  });
  test('a bar without a gradient is one slice', () => {
    expect(slices({ from: 0.2, to: 0.7 }, false)).toEqual([{ from: 0.2, to: 0.7, at: 0.7, isFilled: true }]);
    expect(slices({ from: 0.2, to: 0.7 }, true).length).toBeGreaterThan(20);
    expect(slices({ from: 0.5, to: 0.5 }, true)).toEqual([]);
  });
});

describe('colours of a gauge', () => {
  const theme = createTheme();
  const thresholds = { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: '#00ff00' }, { value: 0, color: '#ff0000' }] };
  test('of its thresholds', () => {
    const stops = colorStops({ color: { mode: FieldColorModeId.Thresholds }, thresholds }, '#123456', BOUNDS, theme);
    expect(stops).toEqual([{ at: 0, color: '#00ff00' }, { at: 0.5, color: '#ff0000' }]);
    expect([colorAt(stops, 0.25, ''), colorAt(stops, 0.9, '')]).toEqual(['rgb(128, 128, 0)', '#ff0000']);
  });
  test('of a scheme, of one colour', () => {
    expect(colorStops({ color: { mode: FieldColorModeId.ContinuousGrYlRd } }, '#123456', BOUNDS, theme).length).toBeGreaterThan(2);
    expect(colorStops({ color: { mode: FieldColorModeId.Fixed } }, '#123456', BOUNDS, theme).at(-1)).toEqual({ at: 1, color: '#123456' });
    expect(colorAt([], 0.5, 'red')).toBe('red');
  });
});

describe('texts in a gauge', () => {
  test('a long name is written small before it is cut', () => {
    const name = 'node-exporter-production-eu';
    const small = shrunk(name, 160, { min: 8, max: 18 });
    expect(small.label).toBe(name);
    expect(small.fontPx).toBeLessThan(18);
    expect(shrunk(name, 60, { min: 8, max: 18 })).toMatchObject({ fontPx: 8, label: expect.stringMatching(/\.\.\.$/) });
    expect(shrunk('a', 160, { min: 8, max: 18 }).fontPx).toBe(18);
  });
  const spark = (...values: Array<number | null>) => ({ y: { name: 'v', type: FieldType.number, values, config: {} } });
  const box = { left: 0, top: 0, width: 100, height: 10 };
  test('history from left to right, high values above', () => expect(sparkPath(spark(0, 5, null, 10), box).line).toBe('M0.0 10.0L33.3 5.0L100.0 0.0'));
  test('one value has none', () => expect(sparkPath(spark(1, null), box)).toEqual({ line: '', area: '' }));
  test('no more points than pixels', () => expect(sparkPath(spark(...Array.from({ length: 9000 }, (_, index) => index)), box).line.split('L')).toHaveLength(120));
});
