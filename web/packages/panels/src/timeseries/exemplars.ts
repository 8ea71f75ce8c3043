// Exemplars on a chart: a diamond for each, told of when the cursor is at it.
import type { GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';

import type { PanelExemplar } from '../props';

const HALF_PX = 4;
const NEAR_PX = 8;

/** The scale of the first series: what the query's values are drawn by. */
const scaleOf = (plot: uPlot): string => plot.series[1]?.scale ?? 'y';

export function drawExemplars(plot: uPlot, exemplars: readonly PanelExemplar[], theme: GrafanaTheme2): void {
  if (exemplars.length === 0) return;
  const { ctx, bbox } = plot;
  const scale = scaleOf(plot);
  const half = HALF_PX * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = theme.visualization.getColorByName('purple');
  ctx.strokeStyle = theme.colors.background.primary;
  for (const { timeMs, value } of exemplars) {
    const x = plot.valToPos(timeMs, 'x', true);
    // One that lies above the scale is held at its top rather than lost.
    const y = Math.max(bbox.top + half, plot.valToPos(value, scale, true));
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

export function exemplarsNear(plot: uPlot, exemplars: readonly PanelExemplar[]): PanelExemplar[] {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return [];
  const scale = scaleOf(plot);
  return exemplars.filter(({ timeMs, value }) => {
    const y = Math.max(0, plot.valToPos(value, scale));
    return Math.abs(plot.valToPos(timeMs, 'x') - left) <= NEAR_PX && Math.abs(y - top) <= NEAR_PX;
  });
}
