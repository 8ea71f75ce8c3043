// How observations spread over buckets, as time goes by.
import { formattedValueToString, getValueFormat } from '@grafana/data';
import { DashboardCursorSync } from '@grafana/schema';
import { flag, number, record, text, type AnyRecord } from '@narthex/dashmodel/json';
import { calculateHeatmap } from '@narthex/frames';
import { HoverMode, TooltipDisplayMode, TooltipPlugin2, useTheme2, VizLayout, type UPlotConfigBuilder } from '@narthex/vizkit';
import { useMemo, useRef, useState } from 'react';
import type { AlignedData } from 'uplot';

import { readTooltip } from '../options';
import { annotating } from '../plot/annotating';
import { ChartKeys } from '../plot/chart_keys';
import { ChartImage } from '../plot/ChartImage';
import { PlotChart } from '../plot/PlotChart';
import type { PanelProps } from '../props';
import { exemplarsNear } from '../timeseries/exemplars';
import { marksNear } from '../timeseries/marks';
import { heatmapData, type HeatmapData } from './cells';
import { buildHeatmapConfig } from './config';
import { HoverStore } from './hover_store';
import { paletteColors } from './palette';
import { placeOf, rowsOf } from './rows';
import { CellTooltip, ColorScale, describeCell, oneClickOf, type Format } from './tooltip';

// With more columns no cell has room for its number.
const TEXT_COLUMNS_MAX = 40;
const EXEMPLAR_COLOR = 'rgba(255,0,255,0.7)';
const SIDE_LEGEND_PX = 160;

function formatter(unit: unknown, decimals: unknown): Format {
  const format = getValueFormat(text(unit, 'short') || 'short');
  return (value) => formattedValueToString(format(value, number(decimals) ?? null));
}

function boundFormat(options: AnyRecord): (bound: string) => string {
  const { unit, decimals } = record(options['yAxis']);
  const format = formatter(unit, decimals);
  return (bound) => (bound === '+Inf' || Number.isNaN(Number(bound)) ? bound : format(Number(bound)));
}

function useColors(options: AnyRecord): string[] {
  const theme = useTheme2();
  const color = record(options['color']);
  return useMemo(
    () =>
      paletteColors({
        mode: text(color['mode'], 'scheme'),
        scheme: text(color['scheme'], 'Oranges'),
        fill: theme.visualization.getColorByName(text(color['fill'], 'dark-orange')),
        exponent: number(color['exponent'], 0.5),
        steps: number(color['steps'], 64),
        isReversed: flag(color['reverse']),
        isDark: theme.isDark,
      }),
    [color, theme],
  );
}

/** What the chart is drawn from; read at every drawing. */
function useLatest({ timeRange, marks, exemplars, options, data }: PanelProps & { data: HeatmapData }) {
  const colors = useColors(options);
  const rows = useMemo(() => rowsOf(data, options), [data, options]);
  const latest = useRef({ data, rows, colors, marks, exemplars, window: [0, 1] as [number, number] });
  latest.current = { data, rows, colors, marks, exemplars, window: [timeRange.from.valueOf(), timeRange.to.valueOf()] };
  return latest;
}

function useFormats(options: AnyRecord) {
  return useMemo(() => {
    const cells = record(options['cellValues']);
    const axis = record(options['yAxis']);
    return { formatBound: boundFormat(options), formatValue: formatter(axis['unit'], axis['decimals']), formatCell: formatter(cells['unit'], cells['decimals']) };
  }, [options]);
}

type Latest = ReturnType<typeof useLatest>;

function useConfig({ options, timeZone, data }: PanelProps & { data: HeatmapData }, latest: Latest, store: HoverStore): UPlotConfigBuilder {
  const theme = useTheme2();
  const formats = useFormats(options);
  const { rows } = latest.current;
  const scaleKey = rows.kind === 'even' ? '' : `${rows.kind}/${rows.log}`;
  const bucketCount = data.bounds.length;
  const isRoomy = data.timesMs.length <= TEXT_COLUMNS_MAX;
  return useMemo(() => {
    const yAxis = record(options['yAxis']);
    const placed = latest.current.rows;
    return buildHeatmapConfig({
      theme,
      timeZone,
      bucketCount,
      rows: () => latest.current.rows,
      scale: placed.kind === 'even' ? undefined : placed,
      data: () => latest.current.data,
      colors: () => latest.current.colors,
      window: () => latest.current.window,
      marks: () => latest.current.marks,
      exemplars: () => latest.current.exemplars,
      exemplarColor: text(record(options['exemplars'])['color']) || EXEMPLAR_COLOR,
      formatBound: formats.formatBound,
      formatValue: formats.formatValue,
      gapPx: Math.max(0, number(options['cellGap'], 1)),
      radiusPx: Math.max(0, number(options['cellRadius'], 0)),
      isReversed: flag(yAxis['reverse']),
      isRight: yAxis['axisPlacement'] === 'right',
      isHidden: yAxis['axisPlacement'] === 'hidden',
      axisLabel: text(yAxis['axisLabel']),
      axisWidth: number(yAxis['axisWidth']),
      cellText: options['showValue'] === 'always' || (options['showValue'] === 'auto' && isRoomy) ? formats.formatCell : undefined,
      isTextForced: options['showValue'] === 'always',
      onHover: store.set,
    });
    // scaleKey stands for the rows: where they lie is read at every drawing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme, timeZone, bucketCount, scaleKey, formats, options, isRoomy, store]);
}

function Heatmap(props: PanelProps & { data: HeatmapData }) {
  const { title, data, options, width, height, timeZone, onZoom, onAnnotate, marks, exemplars, cursorSync } = props;
  const [store] = useState(() => new HoverStore());
  const latest = useLatest(props);
  const config = useConfig(props, latest, store);
  const { formatBound, formatCell } = useFormats(options);
  const { colors, rows } = latest.current;
  const { mode, maxHeightPx } = readTooltip(options);
  const tooltip = record(options['tooltip']);
  const overlay = useMemo(() => ({ marks, exemplars, rows, colors }), [marks, exemplars, rows, colors]);
  const columns = useMemo((): AlignedData => [data.timesMs, data.timesMs.map(() => 0)], [data]);
  const legend = record(options['legend']);
  const isRight = legend['placement'] === 'right';
  const legendWidth = number(legend['width']);
  const scale = flag(legend['show'], true) ? (
    <VizLayout.Legend placement={isRight ? 'right' : 'bottom'} {...(isRight ? { width: legendWidth ?? SIDE_LEGEND_PX } : { maxHeight: '20%' })}>
      <ColorScale colors={colors} data={data} format={formatCell} />
    </VizLayout.Legend>
  ) : null;
  return (
    <VizLayout width={width} height={height} legend={scale}>
      {(chartWidth, chartHeight) => (
        <ChartImage label={`${title}: heatmap of ${data.bounds.length} buckets, ${data.timesMs.length} columns`}>
          <PlotChart config={config} data={columns} width={chartWidth} height={chartHeight} overlay={overlay}>
            <ChartKeys config={config} isFree tell={() => describeCell(store.get(), latest.current.data, { formatBound, formatCell, timeZone })} />
            <TooltipPlugin2
              config={config}
              hoverMode={HoverMode.all}
              queryZoom={({ from, to }) => onZoom({ fromMs: Math.round(from), toMs: Math.round(to) })}
              syncMode={cursorSync === 0 ? DashboardCursorSync.Off : DashboardCursorSync.Crosshair}
              syncScope="dashboard"
              getDataLinks={() => oneClickOf(latest.current.data, store.get())}
              render={(...[plot, , , isPinned, dismiss, selected]) => {
                const annotate = onAnnotate && annotating(onAnnotate, dismiss);
                if (selected && annotate) {
                  annotate({ fromMs: Math.round(selected.from), toMs: Math.round(selected.to) });
                  return null;
                }
                if (mode === TooltipDisplayMode.None) return null;
                const { data: shown, rows: placed } = latest.current;
                return (
                  <CellTooltip
                    store={store}
                    data={shown}
                    colors={colors}
                    timeZone={timeZone}
                    formatBound={formatBound}
                    formatCell={formatCell}
                    valueName={text(record(options['rowsFrame'])['value']) || 'Count'}
                    isAll={mode === TooltipDisplayMode.Multi}
                    hasSpread={flag(tooltip['yHistogram'])}
                    hasScale={flag(tooltip['showColorScale'])}
                    maxHeightPx={maxHeightPx}
                    isPinned={isPinned}
                    marks={marksNear(plot, marks)}
                    exemplars={exemplarsNear(plot, exemplars, (value) => placeOf(placed, value, shown.bounds))}
                    onAnnotate={annotate}
                  />
                );
              }}
            />
          </PlotChart>
        </ChartImage>
      )}
    </VizLayout>
  );
}

/** Cells that the panel leaves out are empty; the colours run between the ends that it sets. */
function withLimits(data: HeatmapData | undefined, options: AnyRecord): HeatmapData | undefined {
  if (!data) return undefined;
  const { le, ge } = record(options['filterValues']);
  const [above, below] = [number(le), number(ge)];
  const isOut = (value: number): boolean => (above !== undefined && value <= above) || (below !== undefined && value >= below);
  const values = above === undefined && below === undefined ? data.values : data.values.map((row) => row.map((value) => (isOut(value) ? 0 : value)));
  const color = record(options['color']);
  return { ...data, values, min: number(color['min'], data.min), max: number(color['max'], data.max) };
}

export default function HeatmapPanel(props: PanelProps) {
  const { frames, options } = props;
  const data = useMemo(
    () => withLimits(heatmapData(flag(options['calculate']) ? [calculateHeatmap(frames, record(options['calculation']))].flatMap((cells) => cells ?? []) : frames), options),
    [frames, options],
  );
  if (!data) return <p role="status">The answer holds no buckets. Set the format of the query to heatmap.</p>;
  return <Heatmap {...props} data={data} />;
}
