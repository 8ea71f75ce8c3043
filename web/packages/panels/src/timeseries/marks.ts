// Annotations on a chart: a line where something happened, a band while it lasted, a head at the axis.
import type { GrafanaTheme2 } from '@grafana/data';
import type uPlot from 'uplot';

import { PLAIN_MARKS, type MarkStyle } from '../plot/mark_style';
import { markColors } from '../plot/Marks';
import type { PanelMark } from '../props';

const DASH_PX = [3, 3];
const HEAD_PX = 5;
// A mark is told of while the cursor is this near.
const NEAR_PX = 6;
/** The height of a lane. */
export const LANE_PX = 14;

/** One head at the axis, for one mark or for several that stand close together. */
export interface Head {
  marks: readonly PanelMark[];
  from: number;
  to: number;
  lane: number;
}

/** The names of the lanes, in the order of the marks; one for all where the panel asks for none. */
export function lanesOf(marks: readonly PanelMark[], { hasLanes }: MarkStyle): string[] {
  return hasLanes ? [...new Set(marks.map(({ lane }) => lane ?? ''))] : [''];
}

/** The heads of the marks, in pixels along the axis; clustered, those of a lane whose heads would touch are one. */
export function headsOf(marks: readonly PanelMark[], place: (ms: number) => number, style: MarkStyle, headPx = HEAD_PX): Head[] {
  const lanes = lanesOf(marks, style);
  const heads = marks.map((mark): Head => ({ marks: [mark], from: place(mark.fromMs), to: place(mark.toMs), lane: style.hasLanes ? lanes.indexOf(mark.lane ?? '') : 0 }));
  if (!style.isClustered) return heads;
  const open = new Map<number, Head>();
  const out: Head[] = [];
  for (const head of heads.toSorted((a, b) => a.from - b.from)) {
    const before = open.get(head.lane);
    if (before && head.from - before.to < 2 * headPx) {
      before.marks = [...before.marks, ...head.marks];
      before.to = Math.max(before.to, head.to);
    } else {
      open.set(head.lane, head);
      out.push(head);
    }
  }
  return out;
}

/** Whether time runs down instead of across. */
export const isUpright = ({ scales }: Pick<uPlot, 'scales'>): boolean => scales['x']?.ori === 1;

type Rect = (from: number, to: number, high: number, low: number) => void;

/** How to draw along an axis of time that lies or stands. */
function penOf(plot: uPlot): { edge: number; far: number; line: Rect; fill: Rect; head: (at: number, tip: number) => void; text: (written: string, at: number, tip: number) => void } {
  const { ctx, bbox } = plot;
  const head = HEAD_PX * devicePixelRatio;
  if (isUpright(plot)) {
    // Time runs down: what would be the bottom is the left edge.
    return {
      edge: bbox.left,
      far: bbox.left + bbox.width,
      line: (from, to, high, low) => {
        ctx.moveTo(low, from);
        ctx.lineTo(high, to);
      },
      fill: (from, to, high, low) => ctx.fillRect(Math.min(low, high), Math.min(from, to), Math.abs(high - low), Math.abs(to - from)),
      head: (at, tip) => {
        ctx.moveTo(tip - head, at - head);
        ctx.lineTo(tip - head, at + head);
        ctx.lineTo(tip + head, at);
      },
      text: (written, at, tip) => ctx.fillText(written, tip + head * 2.4, at),
    };
  }
  return {
    edge: bbox.top + bbox.height,
    far: bbox.top,
    line: (from, to, high, low) => {
      ctx.moveTo(from, high);
      ctx.lineTo(to, low);
    },
    fill: (from, to, high, low) => ctx.fillRect(from, Math.min(high, low), to - from, Math.abs(low - high)),
    head: (at, tip) => {
      ctx.moveTo(at - head, tip + head);
      ctx.lineTo(at + head, tip + head);
      ctx.lineTo(at, tip - head);
    },
    text: (written, at, tip) => ctx.fillText(written, at, tip - head * 2.4),
  };
}

function drawHead(plot: uPlot, { marks, from, to, lane }: Head, theme: GrafanaTheme2, style: MarkStyle): void {
  const { ctx, height } = plot;
  const ratio = devicePixelRatio;
  const pen = penOf(plot);
  const [first] = marks;
  if (!first) return;
  const { line } = markColors(first.color, theme, style.bandOpacity);
  // Lanes lie below the axis' labels, at the foot of the chart.
  const isLaned = style.hasLanes && !isUpright(plot);
  const tip = isLaned ? (height - LANE_PX * (lane + 0.5)) * ratio : pen.edge;
  ctx.fillStyle = line;
  if (Math.abs(to - from) > 0) pen.fill(from, to, tip + ratio, tip - ratio);
  ctx.beginPath();
  pen.head(marks.length > 1 ? (from + to) / 2 : from, tip);
  ctx.fill();
  if (marks.length < 2) return;
  ctx.fillStyle = theme.colors.text.primary;
  // Above the head, in a lane beside it.
  pen.text(String(marks.length), (from + to) / 2 + (isLaned ? HEAD_PX * 2.4 * ratio : 0), isLaned ? tip + HEAD_PX * 2.4 * ratio : tip);
}

export function drawMarks(plot: uPlot, marks: readonly PanelMark[], theme: GrafanaTheme2, style: MarkStyle = PLAIN_MARKS): void {
  if (marks.length === 0) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const pen = penOf(plot);
  const place = (ms: number): number => plot.valToPos(ms, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { fromMs, toMs, color } of marks) {
    const [from, to] = [place(fromMs), place(toMs)];
    const { line, band } = markColors(color, theme, style.bandOpacity);
    if (toMs > fromMs) {
      ctx.fillStyle = band;
      pen.fill(from, to, pen.far, pen.edge);
    }
    if (style.linePx === 0) continue;
    ctx.strokeStyle = line;
    ctx.lineWidth = style.linePx * ratio;
    ctx.setLineDash(DASH_PX.map((px) => px * ratio));
    ctx.beginPath();
    pen.line(from, from, pen.far, pen.edge);
    if (toMs > fromMs) pen.line(to, to, pen.far, pen.edge);
    ctx.stroke();
  }
  ctx.restore();
  ctx.save();
  // Heads reach beyond the plot on the side of the axis alone.
  const reach = isUpright(plot) ? ([0, bbox.top, bbox.left + bbox.width, bbox.height] as const) : ([bbox.left, bbox.top, bbox.width, plot.height * ratio] as const);
  ctx.beginPath();
  ctx.rect(...reach);
  ctx.clip();
  ctx.font = `${10 * ratio}px ${theme.typography.fontFamily}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const head of headsOf(marks, place, style, HEAD_PX * ratio)) drawHead(plot, head, theme, style);
  ctx.restore();
}

/** The marks at the cursor. */
export function marksNear(plot: uPlot, marks: readonly PanelMark[]): PanelMark[] {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return [];
  const at = isUpright(plot) ? top : left;
  return marks.filter(({ fromMs, toMs }) => {
    const ends = [plot.valToPos(fromMs, 'x'), plot.valToPos(toMs, 'x')];
    return at >= Math.min(...ends) - NEAR_PX && at <= Math.max(...ends) + NEAR_PX;
  });
}
