// Prices over time, as candles or bars, with their volume.
import { getFieldSeriesColor, type Field } from '@grafana/data';
import { number, record, text } from '@narthex/dashmodel/json';
import { useTheme2, VizLayout } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { BottomAxis, labelWidth, LeftAxis, type Box } from '../plot/Axes';
import { HoverBox, hoverAt, type Hover } from '../plot/HoverBox';
import { useMarks } from '../plot/Marks';
import { extentOf, linear, niceExtent, ticks, timeTicks } from '../plot/scales';
import { seriesLegend } from '../plot/SeriesLegend';
import { axisText, fullTime, timeText, valueText } from '../plot/text';
import type { PanelProps } from '../props';
import { usualStepMs } from '../timeline/spans';
import { candlesOf, hasRisen, isFlat, type Candles } from './candles';

const AXIS_PX = 24;
const VOLUME_SHARE = 0.25;

interface Layout {
  box: Box;
  place: { x: (timeMs: number) => number; y: (price: number) => number };
  barPx: number;
  priceTicks: number[];
}

function layoutOf({ time, high, low }: Candles, { width, height, timeRange }: PanelProps, hasVolume: boolean): Layout {
  const count = Math.max(2, Math.floor(height / 50));
  const extent = niceExtent(extentOf([...high.values.map(Number), ...low.values.map(Number)]), count, false);
  const priceTicks = ticks(extent, count);
  const left = labelWidth(priceTicks.map((value) => axisText(high, value)));
  const box: Box = { left, top: 8, width: Math.max(1, width - left - 12), height: Math.max(1, height - AXIS_PX - 8) };
  const priceHeight = box.height * (hasVolume ? 1 - VOLUME_SHARE : 1);
  const range = { min: timeRange.from.valueOf(), max: timeRange.to.valueOf() };
  const pxPerMs = box.width / Math.max(1, range.max - range.min);
  return {
    box,
    place: { x: linear(range, box.left, box.left + box.width), y: linear(extent, box.top + priceHeight, box.top) },
    barPx: Math.max(1, usualStepMs(time.values) * pxPerMs * 0.7),
    priceTicks,
  };
}

interface CandleProps {
  candles: Candles;
  index: number;
  layout: Layout;
  color: string;
  isHollow: boolean;
  isBars: boolean;
}

function Candle({ candles, index, layout, color, isHollow, isBars }: CandleProps) {
  const { place, barPx } = layout;
  const x = place.x(Number(candles.time.values[index]));
  const [open, close] = [place.y(Number(candles.open.values[index])), place.y(Number(candles.close.values[index]))];
  const wick = <line x1={x} x2={x} y1={place.y(Number(candles.high.values[index]))} y2={place.y(Number(candles.low.values[index]))} stroke={color} />;
  if (isBars) {
    return (
      <g>
        {wick}
        <line x1={x - barPx / 2} x2={x} y1={open} y2={open} stroke={color} strokeWidth={2} />
        <line x1={x} x2={x + barPx / 2} y1={close} y2={close} stroke={color} strokeWidth={2} />
      </g>
    );
  }
  return (
    <g>
      {wick}
      <rect x={x - barPx / 2} y={Math.min(open, close)} width={barPx} height={Math.max(1, Math.abs(open - close))} fill={color} fillOpacity={isHollow ? 0.1 : 1} stroke={color} />
    </g>
  );
}

/** The line of a field over the candles; it breaks where nothing was measured. */
function coursePath(field: Field, time: Field, place: Layout['place']): string {
  let isDown = false;
  return field.values
    .map((value: unknown, index: number): string => {
      const isMeasured = typeof value === 'number' && Number.isFinite(value);
      const step = isMeasured ? `${isDown ? 'L' : 'M'}${place.x(Number(time.values[index])).toFixed(1)} ${place.y(value).toFixed(1)}` : '';
      isDown = isMeasured;
      return step;
    })
    .join('');
}

function Course({ field, time, place, color }: { field: Field; time: Field; place: Layout['place']; color: string }) {
  return <path d={coursePath(field, time, place)} fill="none" stroke={color} strokeWidth={number(field.config.custom?.lineWidth, 1)} pointerEvents="none" />;
}

interface VolumeProps {
  candles: Candles;
  index: number;
  layout: Layout;
  color: string;
  max: number;
  /** Of the plot's height, for the largest. */
  share: number;
}

function Volume({ candles, index, layout, color, max, share }: VolumeProps) {
  const { box, place, barPx } = layout;
  const size = (Number(candles.volume?.values[index] ?? 0) / max) * box.height * share * 0.9;
  if (!(size > 0)) return null;
  return <rect x={place.x(Number(candles.time.values[index])) - barPx / 2} y={box.top + box.height - size} width={barPx} height={size} fill={color} fillOpacity={0.5} />;
}

function Chart({ candles, ...props }: PanelProps & { candles: Candles }) {
  const { options, width, height, timeRange, timeZone } = props;
  const theme = useTheme2();
  const [hover, setHover] = useState<Hover<number>>();
  const mode = text(options['mode'], 'candles+volume');
  const hasVolume = mode !== 'candles' && candles.volume !== undefined;
  const layout = layoutOf(candles, props, hasVolume);
  const colors = record(options['colors']);
  const strategy = options['colorStrategy'] === 'close-close' ? 'close-close' : 'open-close';
  const colorAt = (index: number): string =>
    theme.visualization.getColorByName(isFlat(candles, index, strategy) ? text(colors['flat'], 'gray') : hasRisen(candles, index, strategy) ? text(colors['up'], 'green') : text(colors['down'], 'red'));
  const range = { min: timeRange.from.valueOf(), max: timeRange.to.valueOf() };
  const volumeMax = Math.max(1e-12, ...(candles.volume?.values.map(Number).filter(Number.isFinite) ?? []));
  const indexes = candles.time.values.map((_: unknown, index: number) => index);
  const { box, place } = layout;
  const marks = useMarks({ marks: props.marks, place: place.x, box, timeZone });
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={`${props.title}: ${candles.frame.length} candles`}>
        {mode !== 'volume' && <LeftAxis values={layout.priceTicks} place={place.y} format={(value) => axisText(candles.close, value)} box={box} theme={theme} />}
        <BottomAxis values={timeTicks(range, box.width)} place={place.x} format={(value) => timeText(value, timeZone, range.max - range.min)} box={box} theme={theme} />
        {indexes.map((index: number) => (
          <g key={index} onPointerMove={(event) => setHover(hoverAt(event, index))} onPointerLeave={() => setHover(undefined)}>
            {hasVolume && <Volume candles={candles} index={index} layout={layout} color={colorAt(index)} max={volumeMax} share={mode === 'volume' ? 1 : VOLUME_SHARE} />}
            {mode !== 'volume' && (
              <Candle candles={candles} index={index} layout={layout} color={colorAt(index)} isHollow={hasRisen(candles, index, 'open-close')} isBars={options['candleStyle'] === 'ohlcbars'} />
            )}
          </g>
        ))}
        {mode !== 'volume' && candles.others.map((field) => <Course key={field.name} field={field} time={candles.time} place={place} color={getFieldSeriesColor(field, theme).color} />)}
        {marks.drawn}
      </svg>
      {marks.told}
      {hover && (
        <HoverBox
          at={hover}
          title={fullTime(Number(candles.time.values[hover.item]), timeZone)}
          rows={[
            ...(['open', 'high', 'low', 'close', 'volume'] as const).flatMap((role) => {
              const field = candles[role];
              return field ? [{ label: role, value: valueText(field, field.values[hover.item]), color: colorAt(hover.item) }] : [];
            }),
            ...candles.others.map((field) => ({ label: field.name, value: valueText(field, field.values[hover.item]), color: getFieldSeriesColor(field, theme).color })),
          ]}
        />
      )}
    </>
  );
}

export default function CandlestickPanel(props: PanelProps) {
  const { frames, options, width, height } = props;
  const candles = useMemo(() => candlesOf(frames, options), [frames, options]);
  if (!candles) return <p role="status">The answer holds no prices over time.</p>;
  const legend = seriesLegend([candles.close, ...candles.others].map((field) => ({ field, frame: candles.frame })), props);
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => <Chart {...props} candles={candles} width={chartWidth} height={chartHeight} />}
    </VizLayout>
  );
}
