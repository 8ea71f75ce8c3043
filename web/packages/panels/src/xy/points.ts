// What a series of points looks like, and which point is at the cursor. Pure.
import { getFieldSeriesColor, type GrafanaTheme2 } from '@grafana/data';
import { number, record, text } from '@narthex/dashmodel/json';

import { extentOf } from '../plot/scales';
import { valueColor } from '../plot/text';
import type { XYSeries } from './series';

/** Shown against the bare `pointSize` of earlier files, which is a number. */
const SIZE_PX = 5;
const SIZE_PX_MIN = 5;
const SIZE_PX_MAX = 50;

export interface PointLooks {
  hasPoints: boolean;
  hasLine: boolean;
  isSquare: boolean;
  /** Across, in pixels. */
  sizeAt: (index: number) => number;
  colorAt: (index: number) => string;
  fillOpacity: number;
  strokePx: number;
  linePx: number;
  /** Empty for a line without gaps. */
  dashPx: number[];
  color: string;
}

const DASHES: Readonly<Record<string, number[]>> = { dash: [10, 10], dot: [0, 10] };

function dashOf(style: unknown): number[] {
  const { fill, dash } = record(style);
  if (fill !== 'dash' && fill !== 'dot') return [];
  return Array.isArray(dash) ? dash.flatMap((px: unknown) => number(px) ?? []) : (DASHES[fill] ?? []);
}

function sizesOf({ size, y }: XYSeries): PointLooks['sizeAt'] {
  const given: unknown = y.config.custom?.pointSize;
  const { fixed, min, max } = record(given);
  if (!size) {
    const px = number(fixed) ?? number(given) ?? SIZE_PX;
    return () => px;
  }
  const [least, most] = [number(min) ?? SIZE_PX_MIN, number(max) ?? SIZE_PX_MAX];
  const numbers = size.values.map((value: unknown) => (typeof value === 'number' ? value : null));
  const extent = extentOf(numbers, { min: size.config.min, max: size.config.max });
  return (index) => {
    const share = ((numbers[index] ?? extent.min) - extent.min) / (extent.max - extent.min || 1);
    return least + Math.min(1, Math.max(0, share)) * (most - least);
  };
}

export function looksOf(series: XYSeries, theme: GrafanaTheme2): PointLooks {
  const { y, color: colors } = series;
  const { custom } = y.config;
  const show = text(custom?.show, 'points');
  const { color } = getFieldSeriesColor(y, theme);
  return {
    hasPoints: show.includes('points'),
    hasLine: show.includes('lines'),
    isSquare: custom?.pointShape === 'square',
    sizeAt: sizesOf(series),
    colorAt: colors ? (index) => valueColor(colors, colors.values[index]) ?? color : () => color,
    fillOpacity: number(custom?.fillOpacity, 50) / 100,
    strokePx: number(custom?.pointStrokeWidth, 1),
    linePx: number(custom?.lineWidth, 1),
    dashPx: dashOf(custom?.lineStyle),
    color,
  };
}

export interface PlacedSeries {
  xs: ReadonlyArray<number | null>;
  ys: ReadonlyArray<number | null>;
  placeX: (value: number) => number;
  placeY: (value: number) => number;
  /** How far from its middle a point still answers, in pixels. */
  reachAt: (index: number) => number;
}

/** The point nearest the cursor among those that reach it. */
export function pointAt(all: readonly PlacedSeries[], leftPx: number, topPx: number): { series: number; index: number } | undefined {
  let found: { series: number; index: number } | undefined;
  let nearest = Infinity;
  all.forEach(({ xs, ys, placeX, placeY, reachAt }, series) => {
    for (let index = 0; index < ys.length; index += 1) {
      const [x, y] = [xs[index], ys[index]];
      if (x == null || y == null) continue;
      const distance = Math.hypot(placeX(x) - leftPx, placeY(y) - topPx);
      // Of points at one place the last is on top.
      if (distance > nearest || distance > reachAt(index)) continue;
      nearest = distance;
      found = { series, index };
    }
  });
  return found;
}
