// The chart under a heatmap: time across, one band per bucket upwards, cells drawn by hand.
import type { GrafanaTheme2 } from '@grafana/data';
import { AxisPlacement, getTextColorForBackground, ScaleDirection, ScaleOrientation, UPlotConfigBuilder } from '@narthex/vizkit';
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
  radiusPx: number;
  isReversed: boolean;
  isRight: boolean;
  axisLabel: string;
  /** What is written into a cell; undefined where nothing is. */
  cellText: ((value: number) => string) | undefined;
  marks: () => readonly PanelMark[];
  onHover: (cell: { column: number; bucket: number } | undefined) => void;
}

const Y_SCALE = 'y';
const LABEL_HEIGHT_PX = 22;
const TEXT_PX = 11;
const CHARACTER_PX = 7;

interface CellText {
  written: string;
  x: number;
  y: number;
  color: string;
}

/** Every nth bound, so that the labels of the axis do not touch. */
export function labelledBounds(count: number, heightPx: number): number[] {
  const every = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(heightPx / LABEL_HEIGHT_PX))));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => (index + 1) * every).filter((at) => at <= count);
}

function drawCells(plot: uPlot, { data, colors, gapPx, radiusPx, cellText, theme }: HeatmapConfigRequest): void {
  const { timesMs, stepMs, values, min, max } = data();
  const palette = colors();
  const paths = palette.map(() => new Path2D());
  const gap = gapPx * devicePixelRatio;
  const radius = radiusPx * devicePixelRatio;
  const texts: CellText[] = [];
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
      const box = [left, Math.min(top, bottom), Math.max(1, right - left - gap), Math.max(1, Math.abs(bottom - top) - gap)] as const;
      if (radius > 0) paths[index]?.roundRect(...box, Math.min(radius, box[2] / 2, box[3] / 2));
      else paths[index]?.rect(...box);
      const written = cellText?.(value) ?? '';
      if (written !== '' && written.length * CHARACTER_PX * devicePixelRatio < box[2] && box[3] > TEXT_PX * devicePixelRatio) texts.push({ written, x: box[0] + box[2] / 2, y: box[1] + box[3] / 2, color: palette[index] ?? '' });
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
  ctx.font = `${TEXT_PX * devicePixelRatio}px ${theme.typography.fontFamily}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const { written, x, y, color } of texts) {
    ctx.fillStyle = color.startsWith('color-mix') ? theme.colors.text.primary : getTextColorForBackground(color);
    ctx.fillText(written, x, y);
  }
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
    direction: request.isReversed ? ScaleDirection.Down : ScaleDirection.Up,
    range: () => [0, bucketCount],
  });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme, grid: { show: false }, incrs: [...TIME_STEPS_MS] });
  builder.addAxis({
    scaleKey: Y_SCALE,
    placement: request.isRight ? AxisPlacement.Right : AxisPlacement.Left,
    label: request.axisLabel,
    theme,
    grid: { show: false },
    splits: (plot: uPlot) => labelledBounds(bucketCount, plot.bbox.height / devicePixelRatio),
    values: (_plot: uPlot, splits: number[]) => splits.map((at) => formatBound(data().bounds[at - 1] ?? '')),
  });
  builder.addSeries({ scaleKey: Y_SCALE, theme, pathBuilder: () => null, pointsBuilder: () => undefined as never, show: true });
  builder.setPadding([8, request.isRight ? 0 : 18, 0, request.isRight ? 18 : 0]);
  builder.setCursor({ drag: { setScale: false, x: true, y: false }, points: { show: false } });
  builder.addHook('drawAxes', (plot: uPlot) => drawCells(plot, request));
  builder.addHook('draw', (plot: uPlot) => drawMarks(plot, request.marks(), theme));
  builder.addHook('setCursor', (plot: uPlot) => request.onHover(hoveredCell(plot, request)));
  return builder;
}
