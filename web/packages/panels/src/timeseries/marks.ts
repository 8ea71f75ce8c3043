// Annotations on a chart: a line where something happened, a band while it lasted.
import type { GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';

import { markColors } from '../plot/Marks';
import type { PanelMark } from '../props';

const DASH_PX = [3, 3];
const HEAD_PX = 5;
// A mark is told of while the cursor is this near.
const NEAR_PX = 6;

export function drawMarks(plot: uPlot, marks: readonly PanelMark[], theme: GrafanaTheme2): void {
  if (marks.length === 0) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height + HEAD_PX * ratio);
  ctx.clip();
  for (const { fromMs, toMs, color } of marks) {
    const from = plot.valToPos(fromMs, 'x', true);
    const to = plot.valToPos(toMs, 'x', true);
    const bottom = bbox.top + bbox.height;
    const { line, band } = markColors(color, theme);
    ctx.strokeStyle = line;
    if (to > from) {
      ctx.fillStyle = band;
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    ctx.fillStyle = line;
    if (to > from) {
      ctx.fillRect(from, bottom - 2 * ratio, to - from, 2 * ratio);
    }
    ctx.lineWidth = ratio;
    ctx.setLineDash(DASH_PX.map((px) => px * ratio));
    for (const at of to > from ? [from, to] : [from]) {
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bottom);
      ctx.stroke();
    }
    ctx.beginPath();
    ctx.moveTo(from - HEAD_PX * ratio, bottom + HEAD_PX * ratio);
    ctx.lineTo(from + HEAD_PX * ratio, bottom + HEAD_PX * ratio);
    ctx.lineTo(from, bottom - HEAD_PX * ratio);
    ctx.fill();
  }
  ctx.restore();
}

/** The marks at the cursor. */
export function marksNear(plot: uPlot, marks: readonly PanelMark[]): PanelMark[] {
  const { left = -1 } = plot.cursor;
  if (left < 0) return [];
  return marks.filter(({ fromMs, toMs }) => left >= plot.valToPos(fromMs, 'x') - NEAR_PX && left <= plot.valToPos(toMs, 'x') + NEAR_PX);
}
