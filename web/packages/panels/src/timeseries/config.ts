// The chart's configuration from the fields': scales, axes, series, thresholds.
import {
  formattedValueToString,
  getDisplayProcessor,
  getFieldColorModeForField,
  getFieldDisplayName,
  getFieldSeriesColor,
  type DataFrame,
  type DisplayProcessor,
  type Field,
  type GrafanaTheme2,
} from '@grafana/data';
import {
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LineInterpolation,
  StackingMode,
  VisibilityMode,
  type GraphFieldConfig,
} from '@grafana/schema';
import { AxisPlacement, ScaleDirection, ScaleDistribution, ScaleOrientation, UPlotConfigBuilder, type StackGroup } from '@narthex/vizkit';

import type uPlot from 'uplot';

import { LARGE_SERIES_COUNT_MIN } from '../plot/plot_holder';
import type { PanelExemplar, PanelMark } from '../props';
import { drawExemplars } from './exemplars';
import { drawMarks } from './marks';
import { plainLine } from './plain_line';
import { SlicedSeries } from './sliced';
import { addTimeAxes } from './time_axes';

export interface ChartConfigRequest {
  /** Along its first field the chart runs. */
  frame: DataFrame;
  /** Whether that is time. */
  isTime: boolean;
  groups: StackGroup[];
  theme: GrafanaTheme2;
  /** An axis of time for each; never empty. */
  zones: readonly string[];
  /** Read at every draw, so that a new range needs no new chart. */
  window: () => [fromMs: number, toMs: number];
  marks: () => readonly PanelMark[];
  exemplars: () => readonly PanelExemplar[];
}

const X_SCALE = 'x';
// Room for the half of the last time label that hangs over the plot's edge.
const RIGHT_PADDING_PX = 26;
const TOP_PADDING_PX = 8;
const FOCUS_DISTANCE_PX = 30;
const BAND_FILL_OPACITY = 50;
// Binary units read well at powers of two only.
const BINARY_UNITS = new Set(['bytes', 'kbytes', 'mbytes', 'gbytes', 'tbytes', 'pbytes', 'bits', 'binBps', 'binbps', 'KiBs', 'MiBs', 'GiBs']);
const BINARY_INCREMENTS = Array.from({ length: 53 }, (_, power) => 2 ** power);

interface SeriesSource {
  field: Field;
  custom: GraphFieldConfig;
  scaleKey: string;
  display: DisplayProcessor;
  color: string;
}

function scaleKeyOf(field: Field, custom: GraphFieldConfig): string {
  const { unit = '', min, max } = field.config;
  const { axisSoftMin, axisSoftMax, axisPlacement, axisLabel, scaleDistribution, stacking } = custom;
  const distribution = [scaleDistribution?.type ?? 'linear', scaleDistribution?.log];
  const isPercent = stacking?.mode === StackingMode.Percent;
  return [isPercent ? 'percent' : unit, min, max, axisSoftMin, axisSoftMax, axisPlacement, axisLabel, ...distribution].join('/');
}

function sourceOf(field: Field, theme: GrafanaTheme2): SeriesSource {
  const custom: GraphFieldConfig = { drawStyle: GraphDrawStyle.Line, ...field.config.custom };
  const isPercent = custom.stacking?.mode === StackingMode.Percent;
  const config = isPercent ? { ...field.config, unit: 'percentunit' } : field.config;
  const display = !isPercent && field.display ? field.display : getDisplayProcessor({ field: { ...field, config }, theme });
  return {
    field,
    custom,
    scaleKey: scaleKeyOf(field, custom),
    display,
    color: getFieldSeriesColor(field, theme).color,
  };
}

function addTime(builder: UPlotConfigBuilder, { theme, zones, window, frame }: ChartConfigRequest): void {
  builder.addScale({
    scaleKey: X_SCALE,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    isTime: true,
    range: () => window(),
  });
  const isShown = frame.fields[0]?.config.custom?.axisPlacement !== AxisPlacement.Hidden;
  addTimeAxes(builder, { zones, scaleKey: X_SCALE, isShown, theme });
}

/** An axis across of what is no time. */
function addNumbers(builder: UPlotConfigBuilder, { theme, frame }: ChartConfigRequest): void {
  const [field] = frame.fields;
  if (!field) return;
  const { min, max, custom, decimals } = field.config;
  const display = field.display ?? getDisplayProcessor({ field, theme });
  builder.addScale({
    scaleKey: X_SCALE,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: (_plot, low, high) => {
      const [from, to] = [min ?? low, max ?? high];
      return from < to ? [from, to] : [from - 0.5, from + 0.5];
    },
  });
  builder.addAxis({
    scaleKey: X_SCALE,
    theme,
    label: custom?.axisLabel ?? '',
    placement: custom?.axisPlacement === AxisPlacement.Hidden ? AxisPlacement.Hidden : AxisPlacement.Bottom,
    formatValue: (value: number, shown) => formattedValueToString(display(value, shown)),
    decimals: decimals ?? null,
    grid: custom?.axisGridShow === undefined ? {} : { show: custom.axisGridShow },
  });
}

function addScale(builder: UPlotConfigBuilder, { field, custom, scaleKey }: SeriesSource): void {
  const { type, log, linearThreshold } = custom.scaleDistribution ?? { type: ScaleDistribution.Linear };
  const isPercent = custom.stacking?.mode === StackingMode.Percent;
  builder.addScale({
    scaleKey,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    distribution: type,
    ...(log === undefined ? {} : { log }),
    ...(linearThreshold === undefined ? {} : { linearThreshold }),
    min: field.config.min ?? null,
    max: field.config.max ?? null,
    softMin: custom.axisSoftMin ?? null,
    softMax: custom.axisSoftMax ?? null,
    centeredZero: custom.axisCenteredZero ?? false,
    decimals: field.config.decimals ?? null,
    ...(isPercent ? { range: (_plot, low: number, high: number) => [low < 0 ? -1 : 0, high > 0 ? 1 : 0] } : {}),
  });
}

function addAxis(builder: UPlotConfigBuilder, { field, custom, scaleKey, display, color }: SeriesSource, theme: GrafanaTheme2): void {
  if (custom.axisPlacement === AxisPlacement.Hidden) return;
  const stroke = custom.axisColorMode === 'series' ? color : theme.colors.text.primary;
  builder.addAxis({
    scaleKey,
    theme,
    label: custom.axisLabel ?? '',
    size: custom.axisWidth ?? null,
    placement: custom.axisPlacement ?? AxisPlacement.Auto,
    formatValue: (value: number, decimals) => formattedValueToString(display(value, decimals)),
    grid: custom.axisGridShow === undefined ? {} : { show: custom.axisGridShow },
    decimals: field.config.decimals ?? null,
    distr: custom.scaleDistribution?.type ?? ScaleDistribution.Linear,
    ...(BINARY_UNITS.has(field.config.unit ?? '') ? { incrs: BINARY_INCREMENTS } : {}),
    border: { show: custom.axisBorderShow ?? false, width: 1, stroke },
    ticks: { show: custom.axisBorderShow ?? false, stroke },
    color: stroke,
  });
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

function addSeries(builder: UPlotConfigBuilder, source: SeriesSource, { frame, theme }: ChartConfigRequest): void {
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
  if (isPlain(custom)) drawPlainly(builder);
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
  const { frame, groups, theme, zones } = request;
  const builder = new UPlotConfigBuilder(zones[0] ?? 'browser');
  if (request.isTime) addTime(builder, request);
  else addNumbers(builder, request);
  let firstScale = '';
  for (const field of frame.fields.slice(1)) {
    const source = sourceOf(field, theme);
    firstScale ||= source.scaleKey;
    addScale(builder, source);
    addAxis(builder, source, theme);
    addSeries(builder, source, request);
  }
  const isLarge = frame.fields.length > LARGE_SERIES_COUNT_MIN;
  const sliced = isLarge ? new SlicedSeries(builder) : undefined;
  if (sliced) builder.addHook('destroy', () => sliced.stop());
  builder.addHook('draw', (plot: uPlot) => {
    sliced?.draw(plot);
    drawMarks(plot, request.marks(), theme);
    drawExemplars(plot, request.exemplars(), theme);
  });
  builder.setStackingGroups(groups);
  builder.scaleKeys = [X_SCALE, firstScale];
  builder.setPadding([
    TOP_PADDING_PX,
    (_plot, _side, hasAxis) => (hasAxis[1] ? 0 : RIGHT_PADDING_PX),
    0,
    (_plot, _side, hasAxis) => (hasAxis[3] ? 0 : RIGHT_PADDING_PX),
  ]);
  builder.setCursor({
    drag: { setScale: false, x: request.isTime, y: false },
    focus: { prox: FOCUS_DISTANCE_PX },
    hover: { prox: FOCUS_DISTANCE_PX, bias: 0 },
    // An element for each of thousands of series would cost more than the chart.
    ...(isLarge ? { points: { one: true } } : {}),
  });
  return builder;
}
