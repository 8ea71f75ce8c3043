// The outline of a plain line: straight from point to point, nothing filled, no point missing. Most lines are plain,
// and the general way - a function for each coordinate of each point, a second outline to fill - takes three times
// as long. Everything else is left to it.
import type uPlot from 'uplot';

type PathBuilder = NonNullable<uPlot.Series['paths']>;
/** The pairs of series between which uPlot fills; there, and not declared. */
type Banded = uPlot & { bands?: uPlot.Band[] };

// From so many points to a pixel on, uPlot draws the extent of each pixel only.
const POINTS_PER_PIXEL_MAX = 4;
const LINEAR = 1;
/** Only inside of the area that may be filled, as uPlot numbers it. */
const CLIP_FILL = 1;

/** The places of one axis of time, which all series of a chart share. */
interface Places {
  times: ArrayLike<number>;
  key: string;
  x: Float64Array;
}
let shared: Places | undefined;

function placesOf(times: ArrayLike<number>, { min = 0, max = 0 }: uPlot.Scale, { left, width }: uPlot.BBox, round: (place: number) => number): Float64Array {
  const key = `${min}/${max}/${left}/${width}/${round(0.5)}`;
  if (shared?.times === times && shared.key === key) return shared.x;
  const x = Float64Array.from(times, (time) => round(left + width * ((time - min) / (max - min))));
  shared = { times, key, x };
  return x;
}

/** Upright, linear, and with an extent. */
function isPlainScale(scale: uPlot.Scale | undefined, orientation: 0 | 1): scale is uPlot.Scale & { min: number; max: number } {
  return scale !== undefined && (scale.distr ?? LINEAR) === LINEAR && (scale.ori ?? orientation) === orientation && (scale.dir ?? 1) === 1 && scale.min != null && scale.max != null && scale.max > scale.min;
}

/** Undefined where the line is not plain. */
function plainPaths(plot: Banded, index: number, from: number, to: number): uPlot.Series.Paths | undefined {
  const series = plot.series[index];
  const values = plot.data[index];
  const times = plot.data[0];
  const along = plot.scales[plot.series[0]?.scale ?? 'x'];
  const up = plot.scales[series?.scale ?? ''];
  const { bbox, bands = [] } = plot;
  if (bands.length > 0 || !series || !values || !isPlainScale(along, 0) || !isPlainScale(up, 1) || to - from >= bbox.width * POINTS_PER_PIXEL_MAX) return undefined;
  const round = Number(series.pxAlign ?? 1) === 0 ? (place: number) => place : Math.round;
  const x = placesOf(times, along, bbox, round);
  const { top, height } = bbox;
  const { min, max } = up;
  const stroke = new Path2D();
  for (let at = from; at <= to; at += 1) {
    const value = values[at];
    if (value == null) return undefined;
    stroke.lineTo(x[at] ?? 0, round(top + height * (1 - (value - min) / (max - min))));
  }
  return { stroke, fill: null, clip: null, band: null, gaps: [], flags: CLIP_FILL };
}

/** `general`, but for lines that are plain. To be used for straight lines without a fill. */
export const plainLine =
  (general: PathBuilder): PathBuilder =>
  (plot, index, from, to, ...rest) =>
    plainPaths(plot, index, from, to) ?? general(plot, index, from, to, ...rest);
