// Axes of the panels that are drawn as SVG.
import type { GrafanaTheme2 } from '@grafana/data';

import { FONT_PX, widthPx } from './label_width';
import type { Scale } from './scales';

export { fitted, labelWidth } from './label_width';

interface ValueAxisProps {
  values: readonly number[];
  place: Scale;
  format: (value: number) => string;
  /** The plot's box in pixels. */
  box: Box;
  theme: GrafanaTheme2;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

// What the panels leave free beside their plots.
const EDGE_PX = 8;

export function LeftAxis({ values, place, format, box, theme }: ValueAxisProps) {
  return (
    <g fontSize={FONT_PX} fill={theme.colors.text.primary}>
      {values.map((value) => (
        <g key={value}>
          <line x1={box.left} x2={box.left + box.width} y1={place(value)} y2={place(value)} stroke={theme.colors.border.weak} />
          <text x={box.left - 6} y={place(value) + FONT_PX / 3} textAnchor="end">
            {format(value)}
          </text>
        </g>
      ))}
    </g>
  );
}

export function BottomAxis({ values, place, format, box, theme }: ValueAxisProps) {
  const y = box.top + box.height;
  // The first label begins and the last one ends with the panel, or an end of it would be cut off.
  const labelAt = (value: number): number => {
    const half = widthPx(format(value)) / 2;
    return Math.max(half, Math.min(place(value), box.left + box.width + EDGE_PX - half));
  };
  return (
    <g fontSize={FONT_PX} fill={theme.colors.text.primary}>
      {values.map((value) => (
        <g key={value}>
          <line x1={place(value)} x2={place(value)} y1={box.top} y2={y} stroke={theme.colors.border.weak} />
          <text x={labelAt(value)} y={y + FONT_PX + 4} textAnchor="middle">
            {format(value)}
          </text>
        </g>
      ))}
    </g>
  );
}
