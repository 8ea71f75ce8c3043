// Lines, bars and points over time, or over numbers.
import type { DataFrame } from '@grafana/data';
import { DashboardCursorSync, VizOrientation } from '@grafana/schema';
import type { TimeWindow } from '@narthex/timeutil';
import { HoverMode, TooltipDisplayMode, TooltipPlugin2, useTheme2, VizLayout } from '@narthex/vizkit';
import { useMemo, useRef } from 'react';
import type { AlignedData } from 'uplot';

import { oneClickAt } from '../one_click';
import { readTooltip } from '../options';
import { annotating } from '../plot/annotating';
import { ChartImage } from '../plot/ChartImage';
import { ChartKeys } from '../plot/chart_keys';
import { readMarkStyle } from '../plot/mark_style';
import { PlotChart } from '../plot/PlotChart';
import { describePoint, describeSeries } from '../plot/describe';
import type { PanelProps } from '../props';
import { buildChartConfig, type Underlay } from './config';
import { exemplarsNear } from './exemplars';
import { isUpright, marksNear } from './marks';
import { chartColumns, stackGroups } from './stack';
import { readZones } from './time_axes';
import { SeriesTooltip } from './tooltip';
import { nameOf } from './tooltip_rows';
import { useChartLegend } from './useChartLegend';

const SYNC = [DashboardCursorSync.Off, DashboardCursorSync.Crosshair, DashboardCursorSync.Tooltip] as const;

function useChart(props: PanelProps, { frame, isTime, underlay }: Pick<SeriesChartProps, 'frame' | 'isTime' | 'underlay'>) {
  const { timeRange, timeZone, structureRev, marks, exemplars, options } = props;
  const theme = useTheme2();
  const window = useRef<[number, number]>([0, 1]);
  window.current = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  // Values change with every refresh, the configuration only with the structure.
  const latest = useRef(frame);
  latest.current = frame;
  const latestMarks = useRef(marks);
  latestMarks.current = marks;
  const latestExemplars = useRef(exemplars);
  latestExemplars.current = exemplars;
  const isStanding = isTime && options['orientation'] === VizOrientation.Vertical;
  const styleKey = JSON.stringify(options['annotations'] ?? null);
  const zoneKey = readZones(options, timeZone).join();
  const config = useMemo(() => {
    const groups = stackGroups(latest.current);
    return buildChartConfig({
      isTime,
      isUpright: isStanding,
      frame: latest.current,
      latest: () => latest.current,
      groups,
      theme,
      zones: zoneKey.split(','),
      window: () => window.current,
      marks: () => latestMarks.current,
      markStyle: readMarkStyle(options),
      exemplars: () => latestExemplars.current,
      ...(underlay ? { underlay } : {}),
    });
    // structureRev stands for the fields and their configuration, styleKey for how marks are drawn.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [structureRev, theme, zoneKey, styleKey, isTime, isStanding, underlay]);
  const data = useMemo(() => {
    const columns = chartColumns(frame, config.getStackingGroups());
    return columns as AlignedData;
  }, [frame, config]);
  const overlay = useMemo(() => ({ marks, exemplars }), [marks, exemplars]);
  return { config, data, overlay };
}

/** Where time runs down, the plot tells its end first. */
const spanOf = ({ from, to }: { from: number; to: number }): TimeWindow => ({ fromMs: Math.round(Math.min(from, to)), toMs: Math.round(Math.max(from, to)) });

const NO_MARKS: PanelProps['marks'] = [];
const NO_EXEMPLARS: PanelProps['exemplars'] = [];

interface SeriesChartProps extends PanelProps {
  /** What all series run along first, then the series. */
  frame: DataFrame;
  isTime: boolean;
  /** The same one for as long as the chart is to stay. */
  underlay?: Underlay | undefined;
}

/** What belongs to time, taken from a chart that runs along something else. */
function timeless(props: PanelProps): PanelProps {
  const { onAnnotate: _none, ...rest } = props;
  return { ...rest, marks: NO_MARKS, exemplars: NO_EXEMPLARS, cursorSync: DashboardCursorSync.Off };
}

export function SeriesChart({ frame, isTime, underlay, ...given }: SeriesChartProps) {
  const props = isTime ? given : timeless(given);
  const { title, frames, options, width, height, interpolate, onZoom, onAnnotate, cursorSync, marks, exemplars } = props;
  const { config, data, overlay } = useChart(props, { frame, isTime, underlay });
  const legend = useChartLegend(props, config);
  const tooltip = readTooltip(options);
  const description = useMemo(() => describeSeries(title, frames), [title, frames]);
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => (
        <ChartImage label={description}>
          <PlotChart config={config} data={data} width={chartWidth} height={chartHeight} overlay={overlay}>
            {options['disableKeyboardEvents'] !== true && <ChartKeys config={config} tell={(index) => describePoint(frame, index, (field) => nameOf(field, frame, frames))} />}
            {tooltip.mode !== TooltipDisplayMode.None && (
              <TooltipPlugin2
                config={config}
                hoverMode={tooltip.mode === TooltipDisplayMode.Multi ? HoverMode.all : HoverMode.nearest}
                clientZoom={isTime}
                {...(isTime ? { queryZoom: (range: { from: number; to: number }) => onZoom(spanOf(range)) } : {})}
                syncMode={SYNC[cursorSync] ?? DashboardCursorSync.Off}
                syncScope="dashboard"
                getDataLinks={(seriesIndex, rowIndex) => oneClickAt(frame, seriesIndex, rowIndex)}
                render={(...[plot, dataIndexes, nearest, isPinned, dismiss, selected]) => {
                  const annotate = onAnnotate && annotating(onAnnotate, dismiss);
                  // Clicked at or dragged over with Ctrl.
                  if (selected && annotate) {
                    annotate(spanOf(selected));
                    return null;
                  }
                  return (
                    <SeriesTooltip
                      interpolate={interpolate}
                      request={{ frame, frames, dataIndexes, nearest, options: tooltip }}
                      isPinned={isPinned}
                      marks={marksNear(plot, marks)}
                      exemplars={exemplarsNear(plot, exemplars)}
                      cursorMs={Math.round(plot.posToVal((isUpright(plot) ? plot.cursor.top : plot.cursor.left) ?? 0, 'x'))}
                      {...(annotate ? { onAnnotate: annotate } : {})}
                    />
                  );
                }}
              />
            )}
          </PlotChart>
        </ChartImage>
      )}
    </VizLayout>
  );
}
