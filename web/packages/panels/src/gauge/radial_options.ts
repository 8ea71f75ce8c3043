// The options of a gauge as Grafana draws it since version 13. Pure.
// Source: @grafana/schema 13.2.2, gauge panelcfg.
import { flag, number, record, type AnyRecord } from '@narthex/dashmodel/json';

import { choice } from '../options';
import type { Sweep } from './arc';

const SHAPES = { gauge: 'gauge', circle: 'circle' } as const;
const MARKERS = { point: 'point', glow: 'glow', none: 'none' } as const;
export const TEXT_MODES = { auto: 'auto', value_and_name: 'value_and_name', value: 'value', name: 'name', none: 'none' } as const;

export interface RadialOptions {
  shape: keyof typeof SHAPES;
  isRounded: boolean;
  /** 0 to 1, of the widest that looks like a bar. */
  barWidthFactor: number;
  segmentCount: number;
  /** 0 to 1. */
  segmentSpacing: number;
  hasSparkline: boolean;
  endpointMarker: keyof typeof MARKERS;
  textMode: keyof typeof TEXT_MODES;
  /** Where the bar starts, instead of at the lower bound. */
  neutral: number | undefined;
  hasBarGlow: boolean;
  hasCenterGlow: boolean;
  hasGradient: boolean;
  hasMarkers: boolean;
  hasLabels: boolean;
}

// None of them stands in a file of before: such a gauge keeps the looks it was made with.
const NEW_KEYS = ['shape', 'barShape', 'barWidthFactor', 'segmentCount', 'segmentSpacing', 'sparkline', 'endpointMarker', 'textMode', 'neutral', 'effects'];

export const isRadial = (options: AnyRecord): boolean => NEW_KEYS.some((key) => key in options);

const between = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

const SEGMENT_COUNT_MAX = 100;

export function readRadial(options: AnyRecord): RadialOptions {
  const effects = record(options['effects']);
  return {
    shape: choice(SHAPES, options['shape'], 'gauge'),
    isRounded: options['barShape'] === 'rounded',
    barWidthFactor: between(number(options['barWidthFactor'], 0.5), 0.05, 1),
    segmentCount: Math.round(between(number(options['segmentCount'], 1), 1, SEGMENT_COUNT_MAX)),
    segmentSpacing: between(number(options['segmentSpacing'], 0.3), 0, 1),
    hasSparkline: flag(options['sparkline'], true),
    endpointMarker: choice(MARKERS, options['endpointMarker'], 'point'),
    textMode: choice(TEXT_MODES, options['textMode'], 'auto'),
    neutral: number(options['neutral']),
    hasBarGlow: flag(effects['barGlow']),
    hasCenterGlow: flag(effects['centerGlow']),
    hasGradient: flag(effects['gradient'], true),
    hasMarkers: flag(options['showThresholdMarkers'], true),
    hasLabels: flag(options['showThresholdLabels']),
  };
}

/** Of both shapes; that of a gauge is open between the two ends at the bottom. */
export const SWEEPS: Readonly<Record<RadialOptions['shape'], Sweep>> = {
  gauge: { startDegrees: -200, degrees: 220 },
  circle: { startDegrees: -90, degrees: 360 },
};

/** With several gauges side by side the name tells them apart. */
export function shownText({ textMode }: RadialOptions, count: number): { value: boolean; name: boolean } {
  const mode = textMode === 'auto' ? (count > 1 ? 'value_and_name' : 'value') : textMode;
  return { value: mode === 'value' || mode === 'value_and_name', name: mode === 'name' || mode === 'value_and_name' };
}
