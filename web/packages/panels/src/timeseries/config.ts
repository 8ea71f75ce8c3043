// The chart's configuration from the fields': scales, axes, series, thresholds.
import { getFieldColorModeForField, getFieldDisplayName, type DataFrame, type Field, type GrafanaTheme2 } from '@grafana/data';
import {
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LineInterpolation,
  VisibilityMode,
  type GraphFieldConfig,
} from '@grafana/schema';
import { AxisPlacement, ScaleDirection, ScaleOrientation, UPlotConfigBuilder, type StackGroup } from '@narthex/vizkit';

import type uPlot from 'uplot';

import { addDragZoom } from '../plot/drag_zoom';
import type { MarkStyle } from '../plot/mark_style';
import { LARGE_SERIES_COUNT_MIN } from '../plot/plot_holder';
import { addAcross, addAxis, addScale, sourceOf, type SeriesSource } from '../plot/value_scales';
import type { PanelExemplar, PanelMark } from '../props';
import { drawExemplars } from './exemplars';
import { drawMarks, LANE_PX, lanesOf } from './marks';
import { plainLine } from './plain_line';
import { SlicedSeries } from './sliced';
import { addTimeAxes } from './time_axes';
import { drawValueLabels } from './value_labels';

/** What is drawn under the series, once the axes are. */
export interface Underlay {
  draw: (plot: uPlot) => void;
  /** How much of the plot it takes below the lowest value. */
  footShare?: number;
}

export interface ChartConfigRequest {
  /** Along its first field the chart runs. */
  frame: DataFrame;
  /** The same with the newest values. */
  latest: () => DataFrame;
  /** Whether that is time. */
  isTime: boolean;
  groups: StackGroup[];
  theme: GrafanaTheme2;
  /** An axis of time for each; never empty. */
  zones: readonly string[];
  /** Read at every draw, so that a new range needs no new chart. */
  window: () => [fromMs: number, toMs: number];
  marks: () => readonly PanelMark[];
  markStyle: MarkStyle;
  /** Time runs down instead of across. */
  isUpright: boolean;
  exemplars: () => readonly PanelExemplar[];
  underlay?: Underlay;
}

const X_SCALE = 'x';
// Room for the half of the last time label that hangs over the plot's edge.
const RIGHT_PADDING_PX = 26;
const TOP_PADDING_PX = 8;
const FOCUS_DISTANCE_PX = 30;
const BAND_FILL_OPACITY = 50;

function addTime(builder: UPlotConfigBuilder, { theme, zones, window, frame, isUpright }: ChartConfigRequest): void {
  builder.addScale({
    scaleKey: X_SCALE,
    orientation: isUpright ? ScaleOrientation.Vertical : ScaleOrientation.Horizontal,
    direction: isUpright ? ScaleDirection.Down : ScaleDirection.Right,
    isTime: true,
    range: () => window(),
  });
  const isShown = frame.fields[0]?.config.custom?.axisPlacement !== AxisPlacement.Hidden;
  addTimeAxes(builder, { zones, scaleKey: X_SCALE, isShown, isUpright, theme });
}


type Paint = uPlot.Series.Stroke | undefined;

/** A gradient over values that are not there has no ends and cannot be made; the plain colour stands in. */
function guarded(paint: Paint, plain: string): Paint {
  if (typeof paint !== 'function') return paint;
  return (plot, index) => {
    try {
      return paint(plot, index);
    } catch {
      return plain;
    }
  };
}

function guardPaints(builder: UPlotConfigBuilder, color: string): void {
  const series = builder.getSeries().at(-1);
  if (!series) return;
  const original = series.getConfig.bind(series);
  series.getConfig = () => {
    const config = original();
    return { ...config, stroke: guarded(config.stroke, color), fill: guarded(config.fill, 'transparent') };
  };
}

/** The quick way for the lines that nearly all charts are made of. */
function drawPlainly(builder: UPlotConfigBuilder): void {
  const series = builder.getSeries().at(-1);
  if (!series) return;
  const original = series.getConfig.bind(series);
  series.getConfig = () => {
    const config = original();
    return config.paths ? { ...config, paths: plainLine(config.paths) } : config;
  };
}

/** Straight lines without a fill; whether they have bands the chart knows. */
function isPlain({ drawStyle, lineInterpolation, fillOpacity, gradientMode }: GraphFieldConfig): boolean {
  const isStraight = (lineInterpolation ?? LineInterpolation.Linear) === LineInterpolation.Linear;
  return drawStyle === GraphDrawStyle.Line && isStraight && !fillOpacity && (gradientMode ?? GraphGradientMode.None) === GraphGradientMode.None;
}

function addSeries(builder: UPlotConfigBuilder, source: SeriesSource, { frame, theme, isUpright }: ChartConfigRequest): void {
  const { field, custom, scaleKey, color } = source;
  const lower = lowerOf(field, frame);
  if (lower !== undefined) builder.addBand({ series: [frame.fields.indexOf(field), lower] });
  const { min, max, thresholds } = field.config;
  const limits = {
    hardMin: min ?? null,
    hardMax: max ?? null,
    softMin: custom.axisSoftMin ?? null,
    softMax: custom.axisSoftMax ?? null,
  };
  const isPoints = custom.drawStyle === GraphDrawStyle.Points;
  const isBars = custom.drawStyle === GraphDrawStyle.Bars;
  builder.addSeries({
    ...custom,
    ...limits,
    scaleKey,
    theme,
    lineColor: custom.lineColor ?? color,
    lineWidth: custom.lineWidth ?? 1,
    // A band without a fill of its own would not be seen.
    fillOpacity: custom.fillOpacity || (lower === undefined ? 0 : BAND_FILL_OPACITY),
    pointSize: custom.pointSize ?? 5,
    showPoints: isPoints ? VisibilityMode.Always : isBars ? VisibilityMode.Never : (custom.showPoints ?? VisibilityMode.Auto),
    spanNulls: custom.spanNulls ?? false,
    show: !custom.hideFrom?.viz,
    colorMode: getFieldColorModeForField(field),
    ...(thresholds ? { thresholds } : {}),
    ...(field.state?.origin ? { dataFrameFieldIndex: field.state.origin } : {}),
  });
  guardPaints(builder, color);
  if (isPlain(custom) && !isUpright) drawPlainly(builder);
  const style = custom.thresholdsStyle;
  if (!style || !thresholds || style.mode === GraphThresholdsStyleMode.Off) return;
  builder.addThresholds({ config: style, thresholds, scaleKey, theme, ...limits });
}

/** The series down to which a field is filled, by its place in the frame; undefined for none. */
function lowerOf(field: Field, frame: DataFrame): number | undefined {
  const name: unknown = field.config.custom?.fillBelowTo;
  if (typeof name !== 'string' || name === '') return undefined;
  const lower = frame.fields.findIndex((other, index) => index > 0 && other !== field && getFieldDisplayName(other, frame) === name);
  return lower > 0 ? lower : undefined;
}

export function buildChartConfig(request: ChartConfigRequest): UPlotConfigBuilder {
  const { frame, groups, theme, zones, isUpright, markStyle } = request;
  const builder = new UPlotConfigBuilder(zones[0] ?? 'browser');
  if (request.isTime) addTime(builder, request);
  else if (frame.fields[0]) addAcross(builder, frame.fields[0], X_SCALE, { theme });
  const labelled: Array<[index: number, source: SeriesSource]> = [];
  let firstScale = '';
  for (const [at, field] of frame.fields.slice(1).entries()) {
    const source = sourceOf(field, theme);
    firstScale ||= source.scaleKey;
    const look = { footShare: request.underlay?.footShare, isAcross: request.isUpright };
    addScale(builder, source, look);
    addAxis(builder, source, theme, look);
    addSeries(builder, source, request);
    if (source.custom.showValues === true) labelled.push([at + 1, source]);
  }
  const isLarge = frame.fields.length > LARGE_SERIES_COUNT_MIN;
  const sliced = isLarge && !isUpright ? new SlicedSeries(builder) : undefined;
  if (sliced) builder.addHook('destroy', () => sliced.stop());
  const { underlay } = request;
  if (underlay) builder.addHook('drawAxes', underlay.draw);
  builder.addHook('draw', (plot: uPlot) => {
    sliced?.draw(plot);
    for (const [index, source] of labelled) drawValueLabels(plot, index, request.latest().fields[index] ?? source.field, { theme, color: source.color });
    drawMarks(plot, request.marks(), theme, markStyle);
    drawExemplars(plot, request.exemplars(), { theme });
  });
  builder.setStackingGroups(groups);
  builder.scaleKeys = [X_SCALE, firstScale];
  builder.setPadding([
    TOP_PADDING_PX,
    (_plot, _side, hasAxis) => (hasAxis[1] ? 0 : RIGHT_PADDING_PX),
    // Lanes of annotations lie below the labels.
    () => (markStyle.hasLanes && !isUpright ? lanesOf(request.marks(), markStyle).length * LANE_PX : 0),
    (_plot, _side, hasAxis) => (hasAxis[3] ? 0 : RIGHT_PADDING_PX),
  ]);
  builder.setCursor({
    drag: { setScale: false, x: true, y: false },
    focus: { prox: FOCUS_DISTANCE_PX },
    // How near a point is, the cursor measures across only.
    ...(isUpright ? {} : { hover: { prox: FOCUS_DISTANCE_PX, bias: 0 } }),
    // An element for each of thousands of series would cost more than the chart.
    ...(isLarge ? { points: { one: true } } : {}),
  });
  if (!request.isTime) addDragZoom(builder);
  return builder;
}
