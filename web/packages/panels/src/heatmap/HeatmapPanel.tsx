// How observations spread over buckets, as time goes by.
import { dateTimeFormat, formattedValueToString, getValueFormat } from '@grafana/data';
import { flag, number, record, text, type AnyRecord } from '@narthex/dashmodel/json';
import { calculateHeatmap } from '@narthex/frames';
import { TooltipPlugin2, HoverMode, useTheme2, VizLayout, VizTooltipContent, VizTooltipHeader, VizTooltipWrapper } from '@narthex/vizkit';
import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { AlignedData } from 'uplot';

import { ChartImage } from '../plot/ChartImage';
import { PlotChart } from '../plot/PlotChart';
import type { PanelProps } from '../props';
import { heatmapData, type HeatmapData } from './cells';
import { buildHeatmapConfig } from './config';
import { HoverStore } from './hover_store';
import { paletteColors } from './palette';

type Format = (value: number) => string;

// With more columns no cell has room for its number.
const TEXT_COLUMNS_MAX = 40;

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

interface TooltipProps {
  store: HoverStore;
  data: HeatmapData;
  timeZone: string;
  formatBound: (bound: string) => string;
  formatCell: Format;
  valueName: string;
}

function CellTooltip({ store, data, timeZone, formatBound, formatCell, valueName }: TooltipProps) {
  const cell = useSyncExternalStore(store.subscribe, store.get);
  if (!cell) return null;
  const { bucket, column } = cell;
  const upper = formatBound(data.bounds[bucket] ?? '');
  const below = bucket > 0 ? data.bounds[bucket - 1] : data.lowest;
  const lower = below === undefined ? '' : formatBound(below);
  const time = dateTimeFormat(data.timesMs[column] ?? 0, { timeZone });
  const items = [
    { label: 'Bucket', value: lower ? `${lower} - ${upper}` : `up to ${upper}` },
    { label: valueName, value: formatCell(data.values[bucket]?.[column] ?? 0) },
  ];
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: time, value: '' }} />
      <VizTooltipContent items={items} />
    </VizTooltipWrapper>
  );
}

function ColorScale({ colors, data, format }: { colors: string[]; data: HeatmapData; format: Format }) {
  const theme = useTheme2();
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 8, padding: '4px 0 0 8px', maxWidth: 320, ...theme.typography.bodySmall }}>
      <span>{format(data.min)}</span>
      <div aria-hidden style={{ flex: 1, height: 8, borderRadius: 4, background: `linear-gradient(90deg, ${colors.join(',')})` }} />
      <span>{format(data.max)}</span>
    </div>
  );
}

function Heatmap({ title, data, options, width, height, timeRange, timeZone, onZoom, marks }: PanelProps & { data: HeatmapData }) {
  const theme = useTheme2();
  const colors = useColors(options);
  const [store] = useState(() => new HoverStore());
  const latest = useRef({ data, colors, marks, window: [0, 1] as [number, number] });
  latest.current = { data, colors, marks, window: [timeRange.from.valueOf(), timeRange.to.valueOf()] };
  const bucketCount = data.bounds.length;
  const isSilent = record(options['tooltip'])['mode'] === 'none';
  const formatBound = useMemo(() => boundFormat(options), [options]);
  const formatCell = useMemo(() => {
    const { unit, decimals } = record(options['cellValues']);
    return formatter(unit, decimals);
  }, [options]);
  const yAxis = record(options['yAxis']);
  const config = useMemo(
    () =>
      buildHeatmapConfig({
        theme,
        timeZone,
        bucketCount,
        data: () => latest.current.data,
        colors: () => latest.current.colors,
        window: () => latest.current.window,
        marks: () => latest.current.marks,
        formatBound,
        gapPx: Math.max(0, number(options['cellGap'], 1)),
        radiusPx: Math.max(0, number(options['cellRadius'], 0)),
        isReversed: flag(yAxis['reverse']),
        isRight: yAxis['axisPlacement'] === 'right',
        axisLabel: text(yAxis['axisLabel']),
        cellText: options['showValue'] === 'always' || (options['showValue'] === 'auto' && data.timesMs.length <= TEXT_COLUMNS_MAX) ? formatCell : undefined,
        onHover: store.set,
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [theme, timeZone, bucketCount, formatBound, options, store],
  );
  // New marks are drawn with the next data, which is handed over anew for them.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo((): AlignedData => [data.timesMs, data.timesMs.map(() => 0)], [data, marks]);
  const legend = flag(record(options['legend'])['show'], true) ? (
    <VizLayout.Legend placement="bottom" maxHeight="20%">
      <ColorScale colors={colors} data={data} format={formatCell} />
    </VizLayout.Legend>
  ) : null;
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => (
        <ChartImage label={`${title}: heatmap of ${data.bounds.length} buckets, ${data.timesMs.length} columns`}>
          <PlotChart config={config} data={columns} width={chartWidth} height={chartHeight}>
            <TooltipPlugin2
              config={config}
              hoverMode={HoverMode.all}
              queryZoom={({ from, to }) => onZoom({ fromMs: Math.round(from), toMs: Math.round(to) })}
              render={() => isSilent ? null : (
                <CellTooltip store={store} data={latest.current.data} timeZone={timeZone} formatBound={formatBound} formatCell={formatCell} valueName={text(record(options['rowsFrame'])['value']) || 'Count'} />
              )}
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
