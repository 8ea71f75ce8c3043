// The thresholds along the rim of a gauge, and their labels.
import { formattedValueToString, getValueFormat, ThresholdsMode, type FieldDisplay, type GrafanaTheme2 } from '@grafana/data';

import { ARC, arcPath, pointOn, shareOf, thresholdBands, type Circle, type Sweep } from './arc';
import { rangeOf } from './range';

export const RIM_LABEL_PX = 11;

interface RimProps {
  value: FieldDisplay;
  circle: Circle;
  theme: GrafanaTheme2;
  sweep?: Sweep;
}

export function Rim({ value, circle, theme, sweep = ARC, width }: RimProps & { width: number }) {
  const { thresholds } = value.field;
  const { min, max } = rangeOf(value);
  const bands = thresholdBands(thresholds?.steps ?? [], thresholds?.mode === ThresholdsMode.Percentage, min, max);
  return bands.map(({ from, to, color }) => (
    <path key={from} d={arcPath(circle, from, to, sweep)} stroke={theme.visualization.getColorByName(color)} strokeWidth={width} fill="none" />
  ));
}

/** Values told around the rim: the ends of the range, where the colour changes, and what else is given. */
function labelledValues(value: FieldDisplay, more: readonly number[]): number[] {
  const { thresholds } = value.field;
  const { min, max } = rangeOf(value);
  const isPercentage = thresholds?.mode === ThresholdsMode.Percentage;
  const steps = (thresholds?.steps ?? []).map(({ value: at }) => (isPercentage ? min + ((max - min) * at) / 100 : at));
  const inner = [...steps, ...more].filter((at) => at > min && at < max);
  return [...new Set([min, ...inner, max])];
}

// From the vertical to the left or right a label begins or ends at the rim.
const UPRIGHT_PX = 0.18;

export function RimLabels({ value, circle, theme, sweep = ARC, more = [] }: RimProps & { more?: readonly number[] }) {
  const { min, max } = rangeOf(value);
  const format = getValueFormat(value.field.unit ?? 'none');
  const isCircle = sweep.degrees >= 360;
  // On a whole circle the range ends where it begins.
  const shown = labelledValues(value, more).filter((at) => !isCircle || at !== max);
  return shown.map((at) => {
    const { x, y } = pointOn(circle, shareOf(at, min, max), sweep);
    const aside = (x - circle.x) / Math.max(1, circle.radius);
    return (
      <text key={at} x={x} y={y} textAnchor={Math.abs(aside) < UPRIGHT_PX ? 'middle' : aside < 0 ? 'end' : 'start'} dominantBaseline="central" fontSize={RIM_LABEL_PX} fill={theme.colors.text.secondary}>
        {formattedValueToString(format(at, value.field.decimals))}
      </text>
    );
  });
}
