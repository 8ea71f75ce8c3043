// Exemplars on a chart: a diamond for each, told of when the cursor is at it.
import type { GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';

import type { PanelExemplar } from '../props';
import { isUpright } from './marks';

const HALF_PX = 4;
const NEAR_PX = 8;

/** The scale of the first series: what the query's values are drawn by. */
const scaleOf = (plot: uPlot): string => plot.series[1]?.scale ?? 'y';

/** Where on the axis a value stands; undefined where it has no place. */
export type PlaceOf = (value: number) => number | undefined;

const itself: PlaceOf = (value) => value;

export function drawExemplars(plot: uPlot, exemplars: readonly PanelExemplar[], { theme, color = 'purple', placeOf = itself }: { theme: GrafanaTheme2; color?: string; placeOf?: PlaceOf }): void {
  if (exemplars.length === 0) return;
  const { ctx, bbox } = plot;
  const scale = scaleOf(plot);
  const half = HALF_PX * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = theme.visualization.getColorByName(color);
  ctx.strokeStyle = theme.colors.background.primary;
  for (const { timeMs, value } of exemplars) {
    const at = placeOf(value);
    if (at === undefined) continue;
    const along = plot.valToPos(timeMs, 'x', true);
    const across = plot.valToPos(at, scale, true);
    // One that lies beyond the scale is held at its end rather than lost.
    const [x, y] = isUpright(plot) ? [Math.min(bbox.left + bbox.width - half, across), along] : [along, Math.max(bbox.top + half, across)];
    ctx.beginPath();
    ctx.moveTo(x, y - half);
    ctx.lineTo(x + half, y);
    ctx.lineTo(x, y + half);
    ctx.lineTo(x - half, y);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

export function exemplarsNear(plot: uPlot, exemplars: readonly PanelExemplar[], placeOf: PlaceOf = itself): PanelExemplar[] {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return [];
  const scale = scaleOf(plot);
  return exemplars.filter(({ timeMs, value }) => {
    const at = placeOf(value);
    if (at === undefined) return false;
    const along = plot.valToPos(timeMs, 'x');
    const across = Math.max(0, plot.valToPos(at, scale));
    const [x, y] = isUpright(plot) ? [across, along] : [along, across];
    return Math.abs(x - left) <= NEAR_PX && Math.abs(y - top) <= NEAR_PX;
  });
}
