// Values written at their points, where the panel asks for them.
import { formattedValueToString, type Field, type GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';

import { isUpright } from './marks';

const TEXT_PX = 11;
const GAP_PX = 4;

export interface Label {
  text: string;
  x: number;
  y: number;
}

export interface Placed {
  text: string;
  /** The point, in pixels of the canvas. */
  x: number;
  y: number;
  /** Where the text goes from there. */
  side: 'above' | 'below' | 'right' | 'left';
}

const AWAY: Readonly<Record<Placed['side'], readonly [x: -1 | 0 | 1, y: -1 | 0 | 1]>> = { above: [0, -1], below: [0, 1], right: [1, 0], left: [-1, 0] };

/** Those that do not cover the one before. */
export function labelsApart(points: readonly Placed[], widthOf: (text: string) => number, heightPx: number, gapPx: number): Label[] {
  const out: Label[] = [];
  let last: { left: number; right: number; top: number; bottom: number } | undefined;
  for (const { text, x, y, side } of points) {
    const half = widthOf(text) / 2;
    const [across, up] = AWAY[side];
    const [center, middle] = [x + across * (half + gapPx), y + up * (heightPx / 2 + gapPx)];
    const box = { left: center - half, right: center + half, top: middle - heightPx / 2, bottom: middle + heightPx / 2 };
    if (last && box.left < last.right + gapPx && box.right > last.left - gapPx && box.top < last.bottom && box.bottom > last.top) continue;
    last = box;
    out.push({ text, x: center, y: middle });
  }
  return out;
}

/** `field` gives the values as they are, the plot's columns where they are drawn: stacked ones lie higher. */
export function drawValueLabels(plot: uPlot, index: number, field: Field, { theme, color }: { theme: GrafanaTheme2; color: string }): void {
  const series = plot.series[index];
  const drawn = plot.data[index];
  const times = plot.data[0];
  if (!series || series.show === false || !drawn || !times) return;
  const ratio = devicePixelRatio;
  const { ctx, bbox } = plot;
  const [from, to] = series.idxs ?? [0, times.length - 1];
  const points: Placed[] = [];
  for (let at = from; at <= to; at += 1) {
    const [value, height, time] = [field.values[at] as unknown, drawn[at], times[at]];
    if (typeof value !== 'number' || height == null || time == null) continue;
    const along = plot.valToPos(time, 'x', true);
    const across = plot.valToPos(height, series.scale ?? 'y', true);
    const text = field.display ? formattedValueToString(field.display(value)) : String(value);
    points.push(isUpright(plot) ? { text, x: across, y: along, side: height < 0 ? 'left' : 'right' } : { text, x: along, y: across, side: height < 0 ? 'below' : 'above' });
  }
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, 0, bbox.width, plot.height * ratio);
  ctx.clip();
  ctx.font = `${TEXT_PX * ratio}px ${theme.typography.fontFamily}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = color;
  for (const { text, x, y } of labelsApart(points, (one) => ctx.measureText(one).width, TEXT_PX * ratio, GAP_PX * ratio)) ctx.fillText(text, x, y);
  ctx.restore();
}
