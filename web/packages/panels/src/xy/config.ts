// The chart under points and lines over an axis that need not be time: one scale across, one upwards for each unit.
import { FieldType, type GrafanaTheme2 } from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation, UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

import { addDragZoom } from '../plot/drag_zoom';
import { addAcross, addAxis, addScale, sourceOf } from '../plot/value_scales';
import { TIME_STEPS_MS } from '../timeseries/time_steps';
import { looksOf, pointAt, type PointLooks } from './points';
import type { XYSeries } from './series';

const X_SCALE = 'x';
const TOP_PADDING_PX = 8;
const SIDE_PADDING_PX = 16;
// A small point still answers to a cursor this far from its middle.
const REACH_PX_MIN = 12;
// Points at the ends are seen whole.
const PAD_SHARE = 0.05;
const EVERYWHERE_PX = 1e6;

export interface XYConfigRequest {
  /** At least one; those of the newest answer, of which only the values differ from those the chart was made for. */
  series: () => readonly XYSeries[];
  theme: GrafanaTheme2;
  timeZone: string;
}

/** Numbers with a place on an axis; null for the others. */
export const drawable = (values: readonly unknown[]): Array<number | null> => values.map((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null));

/** The columns of the chart: of each series its places across and up. */
export function xyColumns(series: readonly XYSeries[]): uPlot.AlignedData {
  // A chart of pairs holds nested columns, which its types do not know.
  return [null, ...series.map(({ x, y }) => [drawable(x.values), drawable(y.values)])] as unknown as uPlot.AlignedData;
}

const pairOf = (plot: uPlot, index: number): [Array<number | null>, Array<number | null>] => plot.data[index] as unknown as [Array<number | null>, Array<number | null>];

function drawLine(plot: uPlot, index: number, { linePx, dashPx, color }: PointLooks): void {
  const [xs, ys] = pairOf(plot, index);
  const { ctx } = plot;
  const scale = plot.series[index]?.facets?.[1]?.scale ?? '';
  ctx.beginPath();
  let isDown = false;
  ys.forEach((y, at) => {
    const x = xs[at];
    if (x == null || y == null) {
      isDown = false;
      return;
    }
    const place = [plot.valToPos(x, X_SCALE, true), plot.valToPos(y, scale, true)] as const;
    if (isDown) ctx.lineTo(...place);
    else ctx.moveTo(...place);
    isDown = true;
  });
  ctx.strokeStyle = color;
  ctx.lineWidth = linePx * devicePixelRatio;
  ctx.lineCap = dashPx[0] === 0 ? 'round' : 'butt';
  ctx.setLineDash(dashPx.map((px) => px * devicePixelRatio));
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawPoints(plot: uPlot, index: number, { isSquare, sizeAt, colorAt, fillOpacity, strokePx }: PointLooks): void {
  const [xs, ys] = pairOf(plot, index);
  const { ctx } = plot;
  const scale = plot.series[index]?.facets?.[1]?.scale ?? '';
  ctx.lineWidth = strokePx * devicePixelRatio;
  ys.forEach((y, at) => {
    const x = xs[at];
    if (x == null || y == null) return;
    const half = (sizeAt(at) / 2) * devicePixelRatio;
    const [left, top] = [plot.valToPos(x, X_SCALE, true), plot.valToPos(y, scale, true)];
    ctx.beginPath();
    if (isSquare) ctx.rect(left - half, top - half, half * 2, half * 2);
    else ctx.arc(left, top, half, 0, 2 * Math.PI);
    ctx.fillStyle = colorAt(at);
    ctx.globalAlpha = fillOpacity;
    ctx.fill();
    ctx.globalAlpha = 1;
    if (strokePx > 0) {
      ctx.strokeStyle = colorAt(at);
      ctx.stroke();
    }
  });
}

function drawSeries(plot: uPlot, index: number, looks: PointLooks): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (looks.hasLine) drawLine(plot, index, looks);
  if (looks.hasPoints) drawPoints(plot, index, looks);
  ctx.restore();
}

function addX(builder: UPlotConfigBuilder, { x }: XYSeries, { theme, timeZone }: XYConfigRequest): void {
  if (x.type !== FieldType.time) {
    addAcross(builder, x, X_SCALE, { theme, padShare: PAD_SHARE });
    return;
  }
  builder.addScale({
    scaleKey: X_SCALE,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    isTime: true,
    auto: true,
    range: (_plot, low, high) => {
      const pad = (high - low) * PAD_SHARE || 500;
      return [low - pad, high + pad];
    },
  });
  const isHidden = x.config.custom?.axisPlacement === AxisPlacement.Hidden;
  builder.addAxis({ scaleKey: X_SCALE, isTime: true, placement: isHidden ? AxisPlacement.Hidden : AxisPlacement.Bottom, timeZone, theme, label: x.config.custom?.axisLabel ?? '', incrs: [...TIME_STEPS_MS] });
}

/** Undefined where the cursor is at no point. */
function hovered(plot: uPlot, all: readonly PointLooks[]): ReturnType<typeof pointAt> {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return undefined;
  const placed = all.map(({ sizeAt }, at) => {
    const [xs, ys] = pairOf(plot, at + 1);
    const scale = plot.series[at + 1]?.facets?.[1]?.scale ?? '';
    return { xs, ys, placeX: (value: number) => plot.valToPos(value, X_SCALE), placeY: (value: number) => plot.valToPos(value, scale), reachAt: (index: number) => Math.max(REACH_PX_MIN, sizeAt(index) / 2) };
  });
  return pointAt(placed, left, top);
}

export function buildXYConfig(request: XYConfigRequest): UPlotConfigBuilder {
  const { theme, timeZone } = request;
  const [first, ...rest] = request.series();
  const builder = new UPlotConfigBuilder(timeZone);
  builder.setMode(2);
  if (!first) return builder;
  addX(builder, first, request);
  // Sizes and colours follow the values.
  let looks: { of: readonly XYSeries[]; all: PointLooks[] } | undefined;
  const currentLooks = (): PointLooks[] => {
    const series = request.series();
    if (looks?.of !== series) looks = { of: series, all: series.map((one) => looksOf(one, theme)) };
    return looks.all;
  };
  for (const { y } of [first, ...rest]) {
    const source = sourceOf(y, theme);
    addScale(builder, source);
    addAxis(builder, source, theme);
    builder.addSeries({
      facets: [{ scale: X_SCALE, auto: true }, { scale: source.scaleKey, auto: true }],
      scaleKey: '',
      theme,
      lineColor: source.color,
      pathBuilder: (plot: uPlot, index: number) => {
        const look = currentLooks()[index - 1];
        if (look) drawSeries(plot, index, look);
        return null;
      },
    });
  }
  let at: ReturnType<typeof pointAt>;
  builder.setCursor({
    dataIdx: (plot: uPlot, index: number) => {
      // Asked for each series in turn, of which the first looks for all.
      if (index === 1) at = hovered(plot, currentLooks());
      return at?.series === index - 1 ? at.index : (null as never);
    },
    focus: { prox: EVERYWHERE_PX },
    points: {
      one: true,
      size: (_plot: uPlot, index: number) => (currentLooks()[index - 1]?.sizeAt(at?.index ?? 0) ?? 0) + 6,
      width: () => 2,
      fill: () => 'transparent',
      stroke: (_plot: uPlot, index: number) => currentLooks()[index - 1]?.colorAt(at?.index ?? 0) ?? 'transparent',
    },
  });
  builder.setPadding([TOP_PADDING_PX, (_plot, _side, hasAxis) => (hasAxis[1] ? 0 : SIDE_PADDING_PX), 0, (_plot, _side, hasAxis) => (hasAxis[3] ? 0 : SIDE_PADDING_PX)]);
  if (first.x.type !== FieldType.time) addDragZoom(builder, true);
  else builder.setCursor({ drag: { setScale: false, x: true, y: false } });
  return builder;
}
