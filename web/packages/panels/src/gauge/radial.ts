// Where the parts of a gauge of version 13 lie, and which colours its bar has. Pure.
import { colorManipulator, getFieldColorMode, FieldColorModeId, ThresholdsMode, type FieldConfig, type GrafanaTheme2 } from '@grafana/data';

import { shareOf, thresholdBands, type Circle, type Sweep } from './arc';
import { SWEEPS, type RadialOptions } from './radial_options';

export interface Layout {
  sweep: Sweep;
  /** Through the middle of the bar. */
  bar: Circle;
  barWidth: number;
  /** Through the middle of the thresholds outside of the bar; undefined for none. */
  rim: (Circle & { width: number }) | undefined;
  /** Where the labels of the thresholds stand. */
  labels: Circle;
  /** What is left free inside of the bar. */
  inner: Circle;
}

const EDGE_PX = 2;
const LABEL_ROOM_PX = 30;
const LABEL_LINE_PX = 14;
// The ends of an open arc, below the centre, in shares of the radius: 20 degrees below the horizontal.
const END_BELOW = Math.sin((20 * Math.PI) / 180);

/** The largest gauge that fits the box with all that stands around it. */
export function layoutOf(width: number, height: number, options: RadialOptions): Layout {
  const { shape, hasLabels, hasMarkers, barWidthFactor, hasBarGlow } = options;
  const glow = hasBarGlow ? 4 : 0;
  const side = EDGE_PX + glow + (hasLabels ? LABEL_ROOM_PX : 0);
  const end = EDGE_PX + glow + (hasLabels ? LABEL_LINE_PX : 0);
  const below = shape === 'circle' ? 1 : END_BELOW;
  // An open arc ends with the width of its bar, a tenth of the radius at the most, below its centre line.
  const tail = shape === 'circle' ? 0 : 0.08;
  const radius = Math.max(0, Math.min(width / 2 - side, (height - end * (shape === 'circle' ? 2 : 1) - EDGE_PX) / (1 + below + tail)));
  const barWidth = Math.max(3, (barWidthFactor * radius) / 3);
  const rimWidth = hasMarkers ? Math.max(2, Math.min(barWidth * 0.2, radius * 0.05)) : 0;
  const gap = hasMarkers ? Math.max(1, rimWidth * 0.5) : 0;
  const center = { x: width / 2, y: end + radius + Math.max(0, (height - end - radius * (1 + below + tail) - (shape === 'circle' ? end : EDGE_PX)) / 2) };
  const outer = radius - rimWidth - gap;
  return {
    sweep: SWEEPS[shape],
    bar: { ...center, radius: Math.max(0, outer - barWidth / 2) },
    barWidth,
    rim: hasMarkers ? { ...center, radius: radius - rimWidth / 2, width: rimWidth } : undefined,
    labels: { ...center, radius: radius + 6 },
    inner: { ...center, radius: Math.max(0, outer - barWidth) },
  };
}

export interface ColorStop {
  at: number;
  color: string;
}

/** The colours along the whole arc. A colour of the scheme is a little darker where the bar begins. */
export function colorStops(field: FieldConfig, color: string, bounds: { min: number; max: number }, theme: GrafanaTheme2): ColorStop[] {
  const mode = getFieldColorMode(field.color?.mode);
  if (mode.id === FieldColorModeId.Thresholds) {
    const bands = thresholdBands(field.thresholds?.steps ?? [], field.thresholds?.mode === ThresholdsMode.Percentage, bounds.min, bounds.max);
    return bands.map((band) => ({ at: band.from, color: theme.visualization.getColorByName(band.color) }));
  }
  if (mode.isContinuous && mode.getColors) {
    const colors = mode.getColors(theme);
    return colors.map((one, index) => ({ at: colors.length > 1 ? index / (colors.length - 1) : 0, color: one }));
  }
  return [
    { at: 0, color: colorManipulator.darken(color, 0.35) },
    { at: 1, color },
  ];
}

function mixed(a: string, b: string, share: number): string {
  const from = colorManipulator.decomposeColor(colorManipulator.asHexString(a)).values;
  const to = colorManipulator.decomposeColor(colorManipulator.asHexString(b)).values;
  const [red = 0, green = 0, blue = 0] = from.map((value: number, index: number) => Math.round(value + ((to[index] ?? value) - value) * share));
  return `rgb(${red}, ${green}, ${blue})`;
}

export function colorAt(stops: readonly ColorStop[], share: number, fallback: string): string {
  const after = stops.findIndex(({ at }) => at >= share);
  const next = stops[after === -1 ? stops.length - 1 : after];
  const before = stops[after === -1 ? stops.length - 1 : Math.max(0, after - 1)];
  if (!next || !before) return fallback;
  if (next.at <= before.at) return next.color;
  return mixed(before.color, next.color, (share - before.at) / (next.at - before.at));
}

/** From where to where the bar goes, low end first, as shares of the arc. */
export function barSpan(value: number, { min, max }: { min: number; max: number }, neutral: number | undefined): { from: number; to: number; end: number } {
  const end = shareOf(value, min, max);
  const start = neutral === undefined ? 0 : shareOf(neutral, min, max);
  return { from: Math.min(start, end), to: Math.max(start, end), end };
}

export interface Piece {
  from: number;
  to: number;
  /** Where its colour is taken from. */
  at: number;
  isFilled: boolean;
}

// Finer than what an eye tells apart.
const SLICES_MAX = 60;

/** A bar in one, cut into slices where its colour changes. Each reaches to the end: the next one covers it. */
export function slices({ from, to }: { from: number; to: number }, hasGradient: boolean): Piece[] {
  if (!(to > from)) return [];
  const count = hasGradient ? Math.max(1, Math.ceil((to - from) * SLICES_MAX)) : 1;
  const width = (to - from) / count;
  return Array.from({ length: count }, (_, index) => ({ from: from + index * width, to, at: hasGradient ? from + (index + 0.5) * width : to, isFilled: true }));
}

const SEGMENT_MIN_PX = 3;

/** A bar of separate segments; fewer of them where the arc has no room for all. */
export function segments(span: { from: number; to: number }, { segmentCount, segmentSpacing }: RadialOptions, { bar, sweep }: Layout): Piece[] {
  const lengthPx = (bar.radius * Math.PI * sweep.degrees) / 180;
  const count = Math.max(1, Math.min(segmentCount, Math.floor(lengthPx / SEGMENT_MIN_PX)));
  const pitch = 1 / count;
  const gap = Math.min(pitch * 0.8, Math.max(1 / Math.max(1, lengthPx), pitch * segmentSpacing * 0.5));
  // A circle closes: its last segment has a gap behind it, too.
  const last = sweep.degrees >= 360 ? gap : 0;
  const width = (1 - last - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * (width + gap);
    const middle = from + width / 2;
    return { from, to: from + width, at: middle, isFilled: middle >= span.from && middle <= span.to };
  });
}
