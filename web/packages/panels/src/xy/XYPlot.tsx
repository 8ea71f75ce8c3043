// Points and lines over an axis that need not be time.
import { FieldType } from '@grafana/data';
import { HoverMode, TooltipPlugin2, useTheme2, VizLayout, VizTooltipContent, VizTooltipHeader, VizTooltipWrapper } from '@narthex/vizkit';
import { useMemo, useRef } from 'react';

import { readTooltip } from '../options';
import { ChartImage } from '../plot/ChartImage';
import { PlotChart } from '../plot/PlotChart';
import { seriesLegend } from '../plot/SeriesLegend';
import { nameOf, valueText } from '../plot/text';
import type { PanelProps } from '../props';
import { buildXYConfig, xyColumns } from './config';
import type { XYSeries } from './series';

interface PlotProps extends PanelProps {
  series: readonly XYSeries[];
}

const titleOf = ({ name, y, frame }: XYSeries, frames: PanelProps['frames']): string => name || nameOf(y, frame, frames);

function PointTooltip({ series, index, frames, isPinned }: { series: XYSeries; index: number; frames: PanelProps['frames']; isPinned: boolean }) {
  const { x, y, size, color, frame } = series;
  const shown = [x, y, ...[size, color].flatMap((field) => (field && field !== y && field !== x ? [field] : []))];
  const others = frame.fields.filter((field) => !shown.includes(field) && field.type === FieldType.string);
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: titleOf(series, frames), value: '' }} isPinned={isPinned} />
      <VizTooltipContent items={[...shown, ...others].map((field) => ({ label: nameOf(field, frame, frames), value: valueText(field, field.values[index]) }))} isPinned={isPinned} scrollable={isPinned} />
    </VizTooltipWrapper>
  );
}

/** What of the series the chart is built from: with the same, new values need no new chart. */
const keyOf = (series: readonly XYSeries[]): string => series.map(({ x, y, name }) => [x.type, x.config.unit, y.config.unit, name].join('/')).join('|');

export function XYPlot(props: PlotProps) {
  const { series, frames, width, height, timeZone, structureRev, options, onZoom } = props;
  const theme = useTheme2();
  const latest = useRef(series);
  latest.current = series;
  const key = keyOf(series);
  const config = useMemo(
    () => buildXYConfig({ series: () => latest.current, theme, timeZone }),
    // structureRev and key stand for the series.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [theme, timeZone, structureRev, key],
  );
  const data = useMemo(() => xyColumns(series), [series]);
  if (series.length === 0) return <p role="status">The answer holds no two fields to set against each other.</p>;
  const tooltip = readTooltip(options);
  const legend = seriesLegend(series.map(({ y, frame, name }) => ({ field: y, frame, ...(name === '' ? {} : { name }) })), props);
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => (
        <ChartImage label={`${props.title}: ${series.map((one) => titleOf(one, frames)).join(', ')}`}>
          <PlotChart config={config} data={data} width={chartWidth} height={chartHeight}>
            {tooltip.mode !== 'none' && (
              <TooltipPlugin2
                config={config}
                hoverMode={HoverMode.point}
                {...(series[0]?.x.type === FieldType.time ? { queryZoom: ({ from, to }: { from: number; to: number }) => onZoom({ fromMs: Math.round(from), toMs: Math.round(to) }) } : {})}
                render={(...[, dataIndexes, nearest, isPinned]) => {
                  const at = nearest == null ? undefined : latest.current[nearest - 1];
                  const index = nearest == null ? null : dataIndexes[nearest];
                  return at && index != null ? <PointTooltip series={at} index={index} frames={frames} isPinned={isPinned} /> : null;
                }}
              />
            )}
          </PlotChart>
        </ChartImage>
      )}
    </VizLayout>
  );
}
