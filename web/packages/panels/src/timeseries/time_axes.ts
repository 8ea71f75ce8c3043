// The axes of time below a chart: one for each time zone that is asked for, named where there are several.
import type { GrafanaTheme2 } from '@grafana/data';
import { texts, type AnyRecord } from '@narthex/dashmodel/json';
import { soundZone } from '@narthex/timeutil';
import { AxisPlacement, type UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

import { TIME_STEPS_MS } from './time_steps';

const BOTTOM_SIDE = 2;
// The labels that would stand where the zone is named.
const HIDDEN_TICK_COUNT = 2;

/** Those of the panel, each once; that of the dashboard where it names none that exists. Empty means that of the dashboard. */
export function readZones(options: AnyRecord, dashboardZone: string): string[] {
  const zones = texts(options['timezone']).filter((zone) => zone === '' || soundZone(zone) !== '').map((zone) => zone || dashboardZone);
  return zones.length > 0 ? [...new Set(zones)] : [dashboardZone];
}

interface TimeAxes {
  zones: readonly string[];
  scaleKey: string;
  isShown: boolean;
  /** Time runs down, at the left. */
  isUpright: boolean;
  theme: GrafanaTheme2;
}

function drawZones(plot: uPlot, zones: readonly string[], theme: GrafanaTheme2): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  // What an axis knows of its place is not among the types.
  const axes = plot.axes.filter((axis): axis is uPlot.Axis & { _pos: number; _size: number } => axis.side === BOTTOM_SIDE && '_pos' in axis && '_size' in axis);
  ctx.save();
  ctx.fillStyle = theme.colors.text.primary;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  axes.forEach(({ _pos: top, _size: height }, index) => ctx.fillText(zones[index] ?? '', bbox.left, (top + height) * ratio));
  ctx.restore();
}

const LOCAL_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether a plain Date shows the hours of the zone. */
export const isLocalZone = (zone: string, local = LOCAL_ZONE): boolean => zone === 'browser' || zone === local || (zone === 'utc' && local === 'UTC');

export function addTimeAxes(builder: UPlotConfigBuilder, { zones, scaleKey, isShown, isUpright, theme }: TimeAxes): void {
  // uPlot takes dates to a zone for every tick it looks at, also to the one they are in.
  if (isLocalZone(zones[0] ?? '')) Object.assign(builder, { tzDate: (ms: number) => new Date(ms) });
  const isNamed = isShown && !isUpright && zones.length > 1;
  zones.forEach((timeZone, index) =>
    builder.addAxis({
      scaleKey,
      isTime: true,
      show: isShown,
      placement: isShown ? (isUpright ? AxisPlacement.Left : AxisPlacement.Bottom) : AxisPlacement.Hidden,
      timeZone,
      theme,
      incrs: [...TIME_STEPS_MS],
      ...(index > 0 ? { grid: { show: false } } : {}),
      ...(isNamed ? { filter: (_plot: uPlot, ticks: number[]) => ticks.map((tick, at) => (at < HIDDEN_TICK_COUNT ? null : tick)) } : {}),
    }),
  );
  if (isNamed) builder.addHook('drawAxes', (plot: uPlot) => drawZones(plot, zones, theme));
}
