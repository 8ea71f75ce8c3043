// The axes of time below a timeline: one for each time zone, named where there are several.
import type { GrafanaTheme2 } from '@grafana/data';

import { BottomAxis, fitted, type Box } from '../plot/Axes';
import { linear, timeTicks, type Extent } from '../plot/scales';
import { timeText } from '../plot/text';

export const AXIS_PX = 24;

export function ZoneAxes({ zones, extent, box, theme }: { zones: readonly string[]; extent: Extent; box: Box; theme: GrafanaTheme2 }) {
  const place = linear(extent, box.left, box.left + box.width);
  const bottom = box.top + box.height;
  return zones.map((zone, index) => (
    <g key={zone}>
      <BottomAxis
        values={timeTicks(extent, box.width)}
        place={place}
        format={(value) => timeText(value, zone, extent.max - extent.min)}
        // The lines of the grid are those of the first.
        box={index === 0 ? box : { ...box, top: bottom, height: AXIS_PX * index }}
        theme={theme}
      />
      {zones.length > 1 && (
        <text x={0} y={bottom + AXIS_PX * index + 16} fontSize={11} fill={theme.colors.text.secondary}>
          {fitted(zone, Math.max(60, box.left - 18), 11)}
        </text>
      )}
    </g>
  ));
}
