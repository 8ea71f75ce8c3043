// Bars whose colour runs along the axis of values, and the thresholds behind them.
import { FieldColorModeId, getFieldColorModeForField, ThresholdsMode, type Field, type GrafanaTheme2, type ThresholdsConfig } from '@grafana/data';
import { GraphGradientMode, GraphThresholdsStyleMode } from '@grafana/schema';
import { text } from '@narthex/dashmodel/json';

import type { Box } from '../plot/Axes';
import { extentOf, type Extent, type Scale } from '../plot/scales';

export interface Stop {
  /** From the lower end of the axis to the upper. */
  offset: number;
  color: string;
  opacity: number;
}

interface Step {
  value: number;
  color: string;
}

/** The steps in values of the axis; the first begins below all of it. */
function stepsOf({ mode, steps }: ThresholdsConfig, { min, max }: Extent, theme: GrafanaTheme2): Step[] {
  return steps.map(({ value, color }) => ({
    value: mode === ThresholdsMode.Percentage && Number.isFinite(value) ? min + ((max - min) * value) / 100 : (value ?? -Infinity),
    color: theme.visualization.getColorByName(color),
  }));
}

const rangeOf = ({ config, values }: Field): Extent => extentOf(values, { min: config.min, max: config.max });

function schemeStops(field: Field, opacity: number, extent: Extent, theme: GrafanaTheme2): Stop[] | undefined {
  const mode = getFieldColorModeForField(field);
  const share = (value: number): number => Math.min(1, Math.max(0, (value - extent.min) / (extent.max - extent.min || 1)));
  if (mode.id === FieldColorModeId.Thresholds && field.config.thresholds) {
    const steps = stepsOf(field.config.thresholds, rangeOf(field), theme);
    // Each step keeps its colour up to the next one.
    return steps.flatMap(({ value, color }, index) => [share(value), share(steps[index + 1]?.value ?? Infinity)].map((offset) => ({ offset, color, opacity })));
  }
  const colors = mode.getColors?.(theme);
  if (!colors || mode.id === FieldColorModeId.Fixed) return undefined;
  const { min, max } = rangeOf(field);
  return colors.map((color, index) => ({ offset: share(min + ((max - min) * index) / Math.max(1, colors.length - 1)), color: theme.visualization.getColorByName(color), opacity }));
}

/** How the colour of a field's bars runs; undefined where it does not. */
export function barStops(field: Field, color: string, opacity: number, extent: Extent, theme: GrafanaTheme2): Stop[] | undefined {
  switch (text(field.config.custom?.gradientMode)) {
    case GraphGradientMode.Opacity:
      return [{ offset: 0, color, opacity: 0 }, { offset: 1, color, opacity }];
    case GraphGradientMode.Hue:
      return [
        { offset: 0, color: `hsl(from ${color} calc(h - 25) s calc(l - ${theme.isDark ? 15 : 5}))`, opacity },
        { offset: 1, color: `hsl(from ${color} calc(h + 20) calc(s + 20) calc(l + 15))`, opacity },
      ];
    case GraphGradientMode.Scheme:
      return schemeStops(field, opacity, extent, theme);
    default:
      return undefined;
  }
}

interface GradientProps {
  id: string;
  stops: readonly Stop[];
  values: Scale;
  extent: Extent;
  isHorizontal: boolean;
}

export function Gradient({ id, stops, values, extent, isHorizontal }: GradientProps) {
  const [low, high] = [values(extent.min), values(extent.max)];
  const ends = isHorizontal ? { x1: low, x2: high, y1: 0, y2: 0 } : { x1: 0, x2: 0, y1: low, y2: high };
  return (
    <linearGradient id={id} gradientUnits="userSpaceOnUse" {...ends}>
      {stops.map(({ offset, color, opacity }, index) => (
        <stop key={index} offset={offset} style={{ stopColor: color, stopOpacity: opacity }} />
      ))}
    </linearGradient>
  );
}

const LINES: readonly string[] = [GraphThresholdsStyleMode.Line, GraphThresholdsStyleMode.Dashed, GraphThresholdsStyleMode.LineAndArea, GraphThresholdsStyleMode.DashedAndArea];
const DASHED: readonly string[] = [GraphThresholdsStyleMode.Dashed, GraphThresholdsStyleMode.DashedAndArea];
const AREAS: readonly string[] = [GraphThresholdsStyleMode.Area, GraphThresholdsStyleMode.LineAndArea, GraphThresholdsStyleMode.DashedAndArea];
const LINE_OPACITY = 0.7;
const AREA_OPACITY = 0.15;

interface ThresholdsProps {
  field: Field;
  box: Box;
  values: Scale;
  extent: Extent;
  isHorizontal: boolean;
  theme: GrafanaTheme2;
}

/** Those of a field, where its style shows them. */
export function Thresholds({ field, box, values, extent, isHorizontal, theme }: ThresholdsProps) {
  const style = text(field.config.custom?.thresholdsStyle?.mode, 'off');
  const { thresholds } = field.config;
  if (!thresholds || style === 'off') return null;
  const steps = stepsOf(thresholds, rangeOf(field), theme);
  const within = (value: number): number => values(Math.min(extent.max, Math.max(extent.min, value)));
  const areas = steps.map(({ value, color }, index) => {
    const [from, to] = [within(value), within(steps[index + 1]?.value ?? Infinity)];
    const [start, size] = [Math.min(from, to), Math.abs(to - from)];
    return { color, place: isHorizontal ? { x: start, y: box.top, width: size, height: box.height } : { x: box.left, y: start, width: box.width, height: size } };
  });
  const lines = steps.filter(({ value }) => value >= extent.min && value <= extent.max);
  return (
    <g pointerEvents="none">
      {AREAS.includes(style) && areas.map(({ color, place }, index) => (color === 'transparent' ? null : <rect key={index} {...place} fill={color} fillOpacity={AREA_OPACITY} />))}
      {LINES.includes(style) &&
        lines.map(({ value, color }) => {
          const at = values(value);
          const ends = isHorizontal ? { x1: at, x2: at, y1: box.top, y2: box.top + box.height } : { x1: box.left, x2: box.left + box.width, y1: at, y2: at };
          return <line key={value} {...ends} stroke={color} strokeOpacity={LINE_OPACITY} strokeWidth={2} {...(DASHED.includes(style) ? { strokeDasharray: '10 10' } : {})} />;
        })}
    </g>
  );
}
