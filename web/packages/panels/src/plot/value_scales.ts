// Scales and axes of values, as the fields' configuration asks for them: fields of one unit and one range share theirs.
import { formattedValueToString, getDisplayProcessor, getFieldSeriesColor, type DisplayProcessor, type Field, type GrafanaTheme2 } from '@grafana/data';
import { GraphDrawStyle, StackingMode, type GraphFieldConfig } from '@grafana/schema';
import { AxisPlacement, ScaleDirection, ScaleDistribution, ScaleOrientation, type UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

// Binary units read well at powers of two only.
const BINARY_UNITS = new Set(['bytes', 'kbytes', 'mbytes', 'gbytes', 'tbytes', 'pbytes', 'bits', 'binBps', 'binbps', 'KiBs', 'MiBs', 'GiBs']);
const BINARY_INCREMENTS = Array.from({ length: 53 }, (_, power) => 2 ** power);

export interface SeriesSource {
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

/** What the scale, the axis and the lines of a field are made from. */
export function sourceOf(field: Field, theme: GrafanaTheme2): SeriesSource {
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

export interface ScaleLook {
  /** How much of the plot stays free below the lowest value, where something else is drawn. */
  footShare?: number | undefined;
  /** Values run across, because time runs down. */
  isAcross?: boolean;
}

export function addScale(builder: UPlotConfigBuilder, { field, custom, scaleKey }: SeriesSource, { footShare, isAcross = false }: ScaleLook = {}): void {
  const { type, log, linearThreshold } = custom.scaleDistribution ?? { type: ScaleDistribution.Linear };
  const isPercent = custom.stacking?.mode === StackingMode.Percent;
  builder.addScale({
    scaleKey,
    orientation: isAcross ? ScaleOrientation.Horizontal : ScaleOrientation.Vertical,
    direction: isAcross ? ScaleDirection.Right : ScaleDirection.Up,
    distribution: type,
    ...(log === undefined ? {} : { log }),
    ...(linearThreshold === undefined ? {} : { linearThreshold }),
    min: field.config.min ?? null,
    max: field.config.max ?? null,
    softMin: custom.axisSoftMin ?? null,
    softMax: custom.axisSoftMax ?? null,
    centeredZero: custom.axisCenteredZero ?? false,
    decimals: field.config.decimals ?? null,
    ...(footShare === undefined ? {} : { padMinBy: footShare / (1 - footShare) }),
    ...(isPercent ? { range: (_plot, low: number, high: number) => [low < 0 ? -1 : 0, high > 0 ? 1 : 0] } : {}),
  });
}

/** The side of an axis whose values run across. */
const ACROSS: Readonly<Partial<Record<AxisPlacement, AxisPlacement>>> = { [AxisPlacement.Left]: AxisPlacement.Bottom, [AxisPlacement.Right]: AxisPlacement.Top };

export function addAxis(builder: UPlotConfigBuilder, { field, custom, scaleKey, display, color }: SeriesSource, theme: GrafanaTheme2, { isAcross = false }: ScaleLook = {}): void {
  if (custom.axisPlacement === AxisPlacement.Hidden) return;
  const stroke = custom.axisColorMode === 'series' ? color : theme.colors.text.primary;
  builder.addAxis({
    scaleKey,
    theme,
    label: custom.axisLabel ?? '',
    size: custom.axisWidth ?? null,
    placement: isAcross ? (ACROSS[custom.axisPlacement ?? AxisPlacement.Auto] ?? AxisPlacement.Bottom) : (custom.axisPlacement ?? AxisPlacement.Auto),
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

/** A scale and an axis across, of a field that is no time. `padShare` of the range stays free at either end. */
export function addAcross(builder: UPlotConfigBuilder, field: Field, scaleKey: string, { theme, padShare = 0 }: { theme: GrafanaTheme2; padShare?: number }): void {
  const { min, max, decimals } = field.config;
  const custom: GraphFieldConfig = field.config.custom ?? {};
  const { type, log, linearThreshold } = custom.scaleDistribution ?? { type: ScaleDistribution.Linear };
  const display = field.display ?? getDisplayProcessor({ field, theme });
  builder.addScale({
    scaleKey,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    distribution: type,
    ...(log === undefined ? {} : { log }),
    ...(linearThreshold === undefined ? {} : { linearThreshold }),
    min: min ?? null,
    max: max ?? null,
    softMin: custom.axisSoftMin ?? null,
    softMax: custom.axisSoftMax ?? null,
    centeredZero: custom.axisCenteredZero ?? false,
    ...(type === ScaleDistribution.Linear ? { range: (_plot: uPlot, low: number, high: number) => wholeRange(custom, padded([low, high], padShare, field.config)) } : {}),
  });
  const isHidden = custom.axisPlacement === AxisPlacement.Hidden;
  builder.addAxis({
    scaleKey,
    theme,
    label: custom.axisLabel ?? '',
    placement: isHidden ? AxisPlacement.Hidden : AxisPlacement.Bottom,
    formatValue: (value: number, shown) => formattedValueToString(display(value, shown)),
    decimals: decimals ?? null,
    distr: type,
    grid: custom.axisGridShow === undefined ? {} : { show: custom.axisGridShow },
  });
}

function padded([low, high]: [number, number], padShare: number, { min, max }: Field['config']): [number, number] {
  const pad = (high - low) * padShare;
  return [min ?? low - pad, max ?? high + pad];
}

function wholeRange({ axisSoftMin, axisSoftMax, axisCenteredZero }: GraphFieldConfig, [low, high]: [number, number]): [number, number] {
  let [from, to] = [Math.min(low, axisSoftMin ?? low), Math.max(high, axisSoftMax ?? high)];
  if (axisCenteredZero) {
    to = Math.max(Math.abs(from), Math.abs(to));
    from = -to;
  }
  return from < to ? [from, to] : [from - 0.5, from + 0.5];
}
