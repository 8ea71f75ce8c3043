// The chart of a histogram: values across in buckets of one width, counts upwards.
import { formattedValueToString, getFieldColorModeForField, getFieldSeriesColor, type DataFrame, type Field, type GrafanaTheme2 } from '@grafana/data';
import { AxisColorMode, GraphDrawStyle, GraphGradientMode, StackingMode, VisibilityMode, type GraphFieldConfig } from '@grafana/schema';
import { AxisPlacement, ScaleDirection, ScaleOrientation, UPlotConfigBuilder } from '@narthex/vizkit';
import uPlot from 'uplot';

import { chartColumns, stackGroups } from '../timeseries/stack';

export interface Buckets {
  /** Lower bounds, ascending. */
  xMin: Field;
  xMax: Field;
  counts: Field[];
}

const asFrame = ({ xMin, counts }: Buckets): DataFrame => ({ fields: [xMin, ...counts], length: xMin.values.length });

/** The lower bounds, then the counts at the heights they are drawn at. */
export const histogramColumns = (buckets: Buckets) => chartColumns(asFrame(buckets), stackGroups(asFrame(buckets)));

const isPercent = ({ config }: Field): boolean => config.custom?.stacking?.mode === StackingMode.Percent;

const X_SCALE = 'x';
const Y_SCALE = 'y';
const FILL_OPACITY_DEFAULT = 80;

/** Whole bars, from the lower to the upper bound of their bucket. */
const barPaths = uPlot.paths.bars?.({ align: 1, size: [1, Infinity], gap: 1 });

function bucketWidth({ xMin, xMax }: Buckets): number {
  return Number(xMax.values[0] ?? 1) - Number(xMin.values[0] ?? 0);
}

export function buildHistogramConfig(buckets: () => Buckets, theme: GrafanaTheme2): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder();
  const { xMin, counts } = buckets();
  // All counts stand on one axis: that of the first.
  const axis: GraphFieldConfig = counts[0]?.config.custom ?? {};
  builder.addScale({
    scaleKey: X_SCALE,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    // From the buckets themselves: a chart of one would be given a range for a single point.
    range: ({ data: [bounds] }) => [bounds[0] ?? 0, (bounds.at(-1) ?? 0) + bucketWidth(buckets())],
  });
  builder.addScale({
    scaleKey: Y_SCALE,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    softMin: axis.axisSoftMin ?? 0,
    ...(axis.axisSoftMax === undefined ? {} : { softMax: axis.axisSoftMax }),
    ...(counts.every(isPercent) ? { softMax: 1 } : {}),
  });
  builder.addAxis({
    scaleKey: X_SCALE,
    placement: AxisPlacement.Bottom,
    theme,
    grid: { show: false },
    formatValue: (value: number, decimals) => {
      const text = xMin.display?.(value, decimals);
      return text ? formattedValueToString(text) : String(value);
    },
  });
  builder.addAxis({
    scaleKey: Y_SCALE,
    placement: axis.axisPlacement === undefined || axis.axisPlacement === AxisPlacement.Auto ? AxisPlacement.Left : axis.axisPlacement,
    theme,
    label: axis.axisLabel ?? '',
    size: axis.axisWidth ?? null,
    grid: axis.axisGridShow === undefined ? {} : { show: axis.axisGridShow },
    border: { show: axis.axisBorderShow ?? false },
    ...(axis.axisColorMode === AxisColorMode.Series && counts[0] ? { color: getFieldSeriesColor(counts[0], theme).color } : {}),
    ...(counts.every(isPercent) ? { formatValue: (value: number) => `${Math.round(value * 100)}%` } : {}),
  });
  for (const field of counts) {
    const custom: GraphFieldConfig = field.config.custom ?? {};
    builder.addSeries({
      scaleKey: Y_SCALE,
      theme,
      pathBuilder: barPaths ?? null,
      drawStyle: GraphDrawStyle.Bars,
      showPoints: VisibilityMode.Never,
      lineColor: getFieldSeriesColor(field, theme).color,
      lineWidth: custom.lineWidth ?? 1,
      fillOpacity: custom.fillOpacity ?? FILL_OPACITY_DEFAULT,
      gradientMode: custom.gradientMode ?? GraphGradientMode.None,
      colorMode: getFieldColorModeForField(field),
      ...(field.config.thresholds ? { thresholds: field.config.thresholds } : {}),
      show: !custom.hideFrom?.viz,
    });
  }
  builder.setStackingGroups(stackGroups(asFrame(buckets())));
  builder.setPadding([8, 18, 0, 0]);
  builder.setCursor({ drag: { x: false, y: false }, points: { show: false } });
  return builder;
}
