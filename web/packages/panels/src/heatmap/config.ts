// The chart under a heatmap: time across, one band per bucket upwards, cells drawn by hand.
import type { GrafanaTheme2 } from '@grafana/data';
import { AxisPlacement, getTextColorForBackground, ScaleDirection, ScaleDistribution, ScaleOrientation, UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

import type { PanelExemplar, PanelMark } from '../props';
import { drawExemplars } from '../timeseries/exemplars';
import { drawMarks } from '../timeseries/marks';
import { TIME_STEPS_MS } from '../timeseries/time_steps';
import { colorIndex, type HeatmapData } from './cells';
import { endsOf, placeOf, rowAt, type NumberRows, type Rows } from './rows';

export interface HeatmapConfigRequest {
  theme: GrafanaTheme2;
  timeZone: string;
  bucketCount: number;
  rows: () => Rows;
  /** Whether the rows lie on a scale of numbers, and on which. */
  scale: Pick<NumberRows, 'kind' | 'log'> | undefined;
  /** Read at every draw, so that new data need no new chart. */
  data: () => HeatmapData;
  colors: () => string[];
  window: () => [fromMs: number, toMs: number];
  formatBound: (bound: string) => string;
  gapPx: number;
  radiusPx: number;
  isReversed: boolean;
  isRight: boolean;
  isHidden: boolean;
  /** In pixels; undefined for what the labels need. */
  axisWidth: number | undefined;
  axisLabel: string;
  /** What is written into a cell; undefined where nothing is. */
  cellText: ((value: number) => string) | undefined;
  /** Written also where there is no room for it. */
  isTextForced: boolean;
  formatValue: (value: number) => string;
  exemplars: () => readonly PanelExemplar[];
  exemplarColor: string;
  marks: () => readonly PanelMark[];
  onHover: (cell: { column: number; bucket: number } | undefined) => void;
}

const Y_SCALE = 'y';
const LABEL_HEIGHT_PX = 22;
const TEXT_PX = 11;
const CHARACTER_PX = 7;
const EVERYWHERE_PX = 1e6;

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

/** The bounds of rows that are not of one height, those left out whose labels would touch. */
export function splitsApart(rows: Rows, place: (value: number) => number): number[] {
  if (rows.kind === 'even') return [];
  let last = Infinity;
  return rows.edges.filter((edge) => {
    if (edge < rows.min || edge > rows.max) return false;
    const at = place(edge);
    if (Math.abs(last - at) < LABEL_HEIGHT_PX) return false;
    last = at;
    return true;
  });
}

function drawCells(plot: uPlot, { data, rows, colors, gapPx, radiusPx, cellText, isTextForced, theme }: HeatmapConfigRequest): void {
  const { timesMs, stepMs, values, min, max } = data();
  const palette = colors();
  const placed = rows();
  const paths = palette.map(() => new Path2D());
  const gap = gapPx * devicePixelRatio;
  const radius = radiusPx * devicePixelRatio;
  const texts: CellText[] = [];
  // Either all cells have room for their numbers or none is written: some of them would read as all there are.
  let isRoomy = true;
  values.forEach((row, bucket) => {
    const [low, high] = endsOf(placed, bucket);
    const top = plot.valToPos(high, Y_SCALE, true);
    const bottom = plot.valToPos(low, Y_SCALE, true);
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
      if (written === '') return;
      isRoomy &&= written.length * CHARACTER_PX * devicePixelRatio < box[2] && box[3] > TEXT_PX * devicePixelRatio;
      texts.push({ written, x: box[0] + box[2] / 2, y: box[1] + box[3] / 2, color: palette[index] ?? '' });
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
  for (const { written, x, y, color } of isRoomy || isTextForced ? texts : []) {
    ctx.fillStyle = color.startsWith('color-mix') ? theme.colors.text.primary : getTextColorForBackground(color);
    ctx.fillText(written, x, y);
  }
  ctx.restore();
}

function hoveredCell(plot: uPlot, { data, rows, bucketCount }: HeatmapConfigRequest): { column: number; bucket: number } | undefined {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0 || top < 0) return undefined;
  const { timesMs, stepMs } = data();
  const at = plot.posToVal(left, 'x');
  const column = timesMs.findIndex((endMs) => at <= endMs && at > endMs - stepMs);
  const bucket = rowAt(rows(), plot.posToVal(top, Y_SCALE), bucketCount);
  return column >= 0 && bucket !== undefined ? { column, bucket } : undefined;
}

const DISTRIBUTIONS = { linear: ScaleDistribution.Linear, log: ScaleDistribution.Log, symlog: ScaleDistribution.Symlog, even: ScaleDistribution.Linear } as const;

function addRows(builder: UPlotConfigBuilder, request: HeatmapConfigRequest): void {
  const { bucketCount, rows, scale, data, theme, formatBound, formatValue } = request;
  builder.addScale({
    scaleKey: Y_SCALE,
    orientation: ScaleOrientation.Vertical,
    direction: request.isReversed ? ScaleDirection.Down : ScaleDirection.Up,
    distribution: DISTRIBUTIONS[scale?.kind ?? 'even'],
    ...(scale ? { log: scale.log } : {}),
    range: () => {
      const placed = rows();
      return placed.kind === 'even' ? [0, bucketCount] : [placed.min, placed.max];
    },
  });
  // The place of the name within its row.
  const offset = (): number => {
    const placed = rows();
    return placed.kind !== 'even' || placed.labels === 'upper' ? 0 : placed.labels === 'lower' ? -1 : -0.5;
  };
  builder.addAxis({
    scaleKey: Y_SCALE,
    placement: request.isHidden ? AxisPlacement.Hidden : request.isRight ? AxisPlacement.Right : AxisPlacement.Left,
    label: request.axisLabel,
    size: request.axisWidth ?? null,
    theme,
    grid: { show: false },
    ...(scale
      ? { distr: DISTRIBUTIONS[scale.kind], formatValue, ...(scale.kind === 'linear' ? {} : { splits: (plot: uPlot) => splitsApart(rows(), (value) => plot.valToPos(value, Y_SCALE)), values: (_plot: uPlot, splits: number[]) => splits.map(formatValue) }) }
      : {
          splits: (plot: uPlot) => labelledBounds(bucketCount, plot.bbox.height / devicePixelRatio).map((at) => at + offset()),
          values: (_plot: uPlot, splits: number[]) => splits.map((at) => formatBound(data().bounds[at - offset() - 1] ?? '')),
        }),
  });
}

export function buildHeatmapConfig(request: HeatmapConfigRequest): UPlotConfigBuilder {
  const { theme, timeZone, window } = request;
  const builder = new UPlotConfigBuilder(timeZone);
  builder.addScale({
    scaleKey: 'x',
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    isTime: true,
    range: () => window(),
  });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme, grid: { show: false }, incrs: [...TIME_STEPS_MS] });
  addRows(builder, request);
  builder.addSeries({ scaleKey: Y_SCALE, theme, pathBuilder: () => null, pointsBuilder: () => undefined as never, show: true });
  builder.setPadding([8, request.isRight ? 0 : 18, 0, request.isRight ? 18 : 0]);
  // Whichever cell the cursor is in can be clicked at.
  builder.setCursor({ drag: { setScale: false, x: true, y: false }, points: { show: false }, focus: { prox: EVERYWHERE_PX } });
  builder.addHook('drawAxes', (plot: uPlot) => drawCells(plot, request));
  builder.addHook('draw', (plot: uPlot) => {
    drawMarks(plot, request.marks(), theme);
    drawExemplars(plot, request.exemplars(), { theme, color: request.exemplarColor, placeOf: (value) => placeOf(request.rows(), value, request.data().bounds) });
  });
  builder.addHook('setCursor', (plot: uPlot) => request.onHover(hoveredCell(plot, request)));
  return builder;
}
