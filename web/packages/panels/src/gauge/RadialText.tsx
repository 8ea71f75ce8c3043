// What stands within a gauge: value, name, the history of the value.
import { formattedValueToString, type FieldDisplay, type FieldSparkline, type GrafanaTheme2 } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel/json';

import { readText } from '../options';
import type { Box } from '../plot/Axes';
import { shrunk } from '../plot/label_width';
import type { Circle } from './arc';
import type { RadialOptions } from './radial_options';
import { sparkPath } from './spark';

interface TextProps {
  value: FieldDisplay;
  color: string;
  theme: GrafanaTheme2;
  inner: Circle;
  shape: RadialOptions['shape'];
  shown: { value: boolean; name: boolean };
  hasSparkline: boolean;
  options: AnyRecord;
  height: number;
}

const NAME_MIN_PX = 8;
const LINE_GAP_PX = 3;
// Of the radius that is left free.
const VALUE_SHARE = 0.62;
const NAME_SHARE = 0.26;
const SPARK_SHARE = 0.32;
const ARC_BOTTOM_SHARE = 0.38;
// Of a font's size: above it stand the letters, below it their tails.
const BASELINE_SHARE = 0.82;

/** How wide a line `dy` away from the centre may be. */
const chord = ({ radius }: Circle, dy: number): number => 2 * Math.sqrt(Math.max(0, radius * radius - dy * dy));

function Spark({ sparkline, box, color }: { sparkline: FieldSparkline; box: Box; color: string }) {
  const { line, area } = sparkPath(sparkline, box);
  if (line === '') return null;
  return (
    <g data-part="sparkline">
      <path d={area} fill={color} opacity={0.25} />
      <path d={line} stroke={color} strokeWidth={1.2} fill="none" />
    </g>
  );
}

export function RadialText({ value, color, theme, inner, shape, shown, hasSparkline, options, height }: TextProps) {
  const sizes = readText(options);
  const text = formattedValueToString(value.display);
  const name = value.display.title ?? '';
  const { radius } = inner;
  const spark = hasSparkline && value.sparkline && value.sparkline.y.values.length > 1 ? value.sparkline : undefined;
  const valueFont = sizes.valueSize ?? shrunk(text, radius * 1.65, { min: NAME_MIN_PX, max: radius * VALUE_SHARE }).fontPx;
  const nameFont = shrunk(name, radius * (shape === 'circle' ? 1.5 : 1.8), sizes.titleSize ? { min: sizes.titleSize, max: sizes.titleSize } : { min: NAME_MIN_PX, max: Math.max(NAME_MIN_PX, Math.min(18, radius * NAME_SHARE)) });
  const sparkHeight = spark ? radius * SPARK_SHARE : 0;
  const rows = [shown.value ? valueFont : 0, shown.name ? nameFont.fontPx : 0, sparkHeight];
  const total = rows.reduce((sum, row) => sum + (row > 0 ? row + LINE_GAP_PX : 0), -LINE_GAP_PX);
  // Within a circle in the middle, within an open arc down to its ends.
  const middle = inner.y - total / 2;
  const top = shape === 'circle' ? middle : Math.min(height - total - 1, Math.max(middle, inner.y + radius * ARC_BOTTOM_SHARE - total));
  const [valueTop = 0, nameTop = 0, sparkTop = 0] = rows.map((_, index) => rows.slice(0, index).reduce((sum, row) => sum + (row > 0 ? row + LINE_GAP_PX : 0), top));
  const sparkWidth = Math.min(radius * 1.2, chord(inner, sparkTop + sparkHeight - inner.y) * 0.9);
  return (
    <>
      {shown.value && (
        <text x={inner.x} y={valueTop + valueFont * BASELINE_SHARE} textAnchor="middle" fill={color} fontSize={valueFont} fontWeight={500}>
          {text}
        </text>
      )}
      {shown.name && (
        <text x={inner.x} y={nameTop + nameFont.fontPx * BASELINE_SHARE} textAnchor="middle" fill={shown.value ? theme.colors.text.secondary : theme.colors.text.primary} fontSize={nameFont.fontPx}>
          <title>{name}</title>
          {nameFont.label}
        </text>
      )}
      {spark && <Spark sparkline={spark} box={{ left: inner.x - sparkWidth / 2, top: sparkTop, width: sparkWidth, height: sparkHeight }} color={color} />}
    </>
  );
}
