// The chart under a heatmap: time across, one band per bucket upwards, cells drawn by hand.
import type { GrafanaTheme2 } from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation, UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

import type { PanelMark } from '../props';
import { drawMarks } from '../timeseries/marks';
import { TIME_STEPS_MS } from '../timeseries/time_steps';
import { colorIndex, type HeatmapData } from './cells';

export interface HeatmapConfigRequest {
  theme: GrafanaTheme2;
  timeZone: string;
  bucketCount: number;
  /** Read at every draw, so that new data need no new chart. */
  data: () => HeatmapData;
  colors: () => string[];
  window: () => [fromMs: number, toMs: number];
  formatBound: (bound: string) => string;
  gapPx: number;
  marks: () => readonly PanelMark[];
  onHover: (cell: { column: number; bucket: number } | undefined) => void;
}

const Y_SCALE = 'y';
const LABEL_HEIGHT_PX = 22;

/** Every nth bound, so that the labels of the axis do not touch. */
export function labelledBounds(count: number, heightPx: number): number[] {
  const every = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(heightPx / LABEL_HEIGHT_PX))));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => (index + 1) * every).filter((at) => at <= count);
}

function drawCells(plot: uPlot, { data, colors, gapPx }: HeatmapConfigRequest): void {
  const { timesMs, stepMs, values, min, max } = data();
  const palette = colors();
  const paths = palette.map(() => new Path2D());
  const gap = gapPx * devicePixelRatio;
  values.forEach((row, bucket) => {
    const top = plot.valToPos(bucket + 1, Y_SCALE, true);
    const bottom = plot.valToPos(bucket, Y_SCALE, true);
    row.forEach((value, column) => {
      const index = colorIndex(value, min, max, palette.length);
      const endMs = timesMs[column];
      if (index < 0 || endMs === undefined) return;
      // A column holds what happened in the step that ends at its time.
      const left = plot.valToPos(endMs - stepMs, 'x', true);
      const right = plot.valToPos(endMs, 'x', true);
      paths[index]?.rect(left, top, Math.max(1, right - left - gap), Math.max(1, bottom - top - gap));
    });
  });
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paths.forEach((path, index) => {
    ctx.fillStyle = palette[index] ?? '';
    ctx.fill(path);
  });
  ctx.restore();
}

function hoveredCell(plot: uPlot, { data, bucketCount }: HeatmapConfigRequest): { column: number; bucket: number } | undefined {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0 || top < 0) return undefined;
  const { timesMs, stepMs } = data();
  const at = plot.posToVal(left, 'x');
  const column = timesMs.findIndex((endMs) => at <= endMs && at > endMs - stepMs);
  const bucket = Math.floor(plot.posToVal(top, Y_SCALE));
  return column >= 0 && bucket >= 0 && bucket < bucketCount ? { column, bucket } : undefined;
}

export function buildHeatmapConfig(request: HeatmapConfigRequest): UPlotConfigBuilder {
  const { theme, timeZone, window, bucketCount, data, formatBound } = request;
  const builder = new UPlotConfigBuilder(timeZone);
  builder.addScale({
    scaleKey: 'x',
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    isTime: true,
    range: () => window(),
  });
  builder.addScale({
    scaleKey: Y_SCALE,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    range: () => [0, bucketCount],
  });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme, grid: { show: false }, incrs: [...TIME_STEPS_MS] });
  builder.addAxis({
    scaleKey: Y_SCALE,
    placement: AxisPlacement.Left,
    theme,
    grid: { show: false },
    splits: (plot: uPlot) => labelledBounds(bucketCount, plot.bbox.height / devicePixelRatio),
    values: (_plot: uPlot, splits: number[]) => splits.map((at) => formatBound(data().bounds[at - 1] ?? '')),
  });
  builder.addSeries({ scaleKey: Y_SCALE, theme, pathBuilder: () => null, pointsBuilder: () => undefined as never, show: true });
  builder.setPadding([8, 18, 0, 0]);
  builder.setCursor({ drag: { setScale: false, x: true, y: false }, points: { show: false } });
  builder.addHook('drawAxes', (plot: uPlot) => drawCells(plot, request));
  builder.addHook('draw', (plot: uPlot) => drawMarks(plot, request.marks(), theme));
  builder.addHook('setCursor', (plot: uPlot) => request.onHover(hoveredCell(plot, request)));
  return builder;
}
