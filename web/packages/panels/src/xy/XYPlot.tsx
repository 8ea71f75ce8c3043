// Points and lines over an axis that need not be time.
import { FieldType, getFieldSeriesColor } from '@grafana/data';
import { number, record, text } from '@narthex/dashmodel/json';
import { useTheme2, VizLayout } from '@narthex/vizkit';
import { useState, type PointerEvent } from 'react';

import { BottomAxis, labelWidth, LeftAxis, type Box } from '../plot/Axes';
import { HoverBox, hoverAt, type Hover } from '../plot/HoverBox';
import { extentOf, linear, niceExtent, ticks, timeTicks, type Extent, type Scale } from '../plot/scales';
import { seriesLegend } from '../plot/SeriesLegend';
import { axisText, nameOf, timeText, valueColor, valueText } from '../plot/text';
import type { PanelProps } from '../props';
import type { XYSeries } from './series';

const AXIS_PX = 24;
const AXIS_LABEL_PX = 18;

interface PlotProps extends PanelProps {
  series: readonly XYSeries[];
}

interface Layout {
  box: Box;
  x: Scale;
  y: Scale;
  xTicks: number[];
  yTicks: number[];
  xExtent: Extent;
}

const numbers = (values: readonly unknown[]): Array<number | null> => values.map((value) => (value == null ? null : Number(value)));

function layoutOf({ series, width, height }: PlotProps): Layout {
  const first = series[0];
  const isTime = first?.x.type === FieldType.time;
  const yCount = Math.max(2, Math.floor(height / 50));
  const xCount = Math.max(2, Math.floor(width / 90));
  const yFixed = first?.y.config ?? {};
  const ySpan = extentOf(series.flatMap(({ y }) => numbers(y.values)), { min: yFixed.min, max: yFixed.max });
  const yExtent = yFixed.min == null && yFixed.max == null ? niceExtent(ySpan, yCount, false) : ySpan;
  const xFixed = first?.x.config ?? {};
  const xSpan = extentOf(series.flatMap(({ x }) => numbers(x.values)), { min: xFixed.min, max: xFixed.max });
  const xExtent = isTime ? xSpan : niceExtent(xSpan, xCount, false);
  const yTicks = ticks(yExtent, yCount);
  const left = labelWidth(yTicks.map((value) => axisText(first?.y, value))) + (text(first?.y.config.custom?.axisLabel) !== '' ? AXIS_LABEL_PX : 0);
  const hasLabel = text(first?.x.config.custom?.axisLabel) !== '';
  const box: Box = { left, top: 8, width: Math.max(1, width - left - 16), height: Math.max(1, height - AXIS_PX - 8 - (hasLabel ? AXIS_LABEL_PX : 0)) };
  return {
    box,
    x: linear(xExtent, box.left, box.left + box.width),
    y: linear(yExtent, box.top + box.height, box.top),
    xTicks: isTime ? timeTicks(xExtent, box.width) : ticks(xExtent, xCount),
    yTicks,
    xExtent,
  };
}

interface Point {
  series: XYSeries;
  index: number;
}

/** The line of a series; a missing value breaks it. */
function linePath({ x, y }: XYSeries, layout: Layout): string {
  let isDown = false;
  return y.values
    .map((value: unknown, index: number) => {
      if (value == null || x.values[index] == null) {
        isDown = false;
        return '';
      }
      const step = `${isDown ? 'L' : 'M'}${layout.x(Number(x.values[index])).toFixed(1)} ${layout.y(Number(value)).toFixed(1)}`;
      isDown = true;
      return step;
    })
    .join('');
}

function radiusAt({ size, y }: XYSeries, index: number): number {
  if (!size) return (number(y.config.custom?.pointSize?.fixed ?? y.config.custom?.pointSize) ?? 5) / 2;
  const { min, max } = extentOf(numbers(size.values));
  return 3 + ((Number(size.values[index]) - min) / (max - min || 1)) * 12;
}

function Series({ series, layout, onHover }: { series: XYSeries; layout: Layout; onHover: (hover: Hover<Point> | undefined) => void }) {
  const theme = useTheme2();
  const color = getFieldSeriesColor(series.y, theme).color;
  const { custom } = series.y.config;
  const show = text(custom?.show, 'points');
  const hasLine = show.includes('lines');
  const hasPoints = show.includes('points');
  const opacity = number(custom?.fillOpacity, 50) / 100;
  const isSquare = text(custom?.pointShape) === 'square';
  const dash = record(custom?.lineStyle)['fill'] === 'dash' ? numbers(Array.isArray(custom?.lineStyle?.dash) ? custom.lineStyle.dash : [10, 10]).join(' ') : undefined;
  return (
    <g>
      {hasLine && <path d={linePath(series, layout)} fill="none" stroke={color} strokeWidth={number(custom?.lineWidth, 1)} {...(dash ? { strokeDasharray: dash } : {})} />}
      {series.y.values.map((value: unknown, index: number) => {
        const at: unknown = series.x.values[index];
        if (value == null || at == null) return null;
        const fill = (series.color && valueColor(series.color, series.color.values[index])) ?? color;
        const [x, y] = [layout.x(Number(at)), layout.y(Number(value))];
        const r = hasPoints ? radiusAt(series, index) : 6;
        const looks = {
          fill,
          fillOpacity: hasPoints ? opacity : 0,
          stroke: hasPoints ? fill : 'none',
          strokeWidth: number(custom?.pointStrokeWidth, 1),
          onPointerMove: (event: PointerEvent) => onHover(hoverAt(event, { series, index })),
          onPointerLeave: () => onHover(undefined),
        };
        return isSquare ? <rect key={index} x={x - r} y={y - r} width={r * 2} height={r * 2} {...looks} /> : <circle key={index} cx={x} cy={y} r={r} {...looks} />;
      })}
    </g>
  );
}

function Chart(props: PlotProps) {
  const { series, width, height, timeZone, frames } = props;
  const theme = useTheme2();
  const [hover, setHover] = useState<Hover<Point>>();
  const layout = layoutOf(props);
  const first = series[0];
  const { box, xExtent } = layout;
  const formatX = (value: number): string =>
    first?.x.type === FieldType.time ? timeText(value, timeZone, xExtent.max - xExtent.min) : axisText(first?.x, value);
  const label = text(first?.x.config.custom?.axisLabel);
  const yLabel = text(first?.y.config.custom?.axisLabel);
  const at = hover?.item;
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={`${props.title}: ${series.map(({ y, frame }) => nameOf(y, frame, frames)).join(', ')}`}>
        <LeftAxis values={layout.yTicks} place={layout.y} format={(value) => axisText(first?.y, value)} box={box} theme={theme} />
        <BottomAxis values={layout.xTicks} place={layout.x} format={formatX} box={box} theme={theme} />
        {label && (
          <text x={box.left + box.width / 2} y={height - 4} textAnchor="middle" fontSize={12} fill={theme.colors.text.primary}>
            {label}
          </text>
        )}
        {yLabel && (
          <text transform={`translate(12 ${box.top + box.height / 2}) rotate(-90)`} textAnchor="middle" fontSize={12} fill={theme.colors.text.primary}>
            {yLabel}
          </text>
        )}
        {series.map((one, index) => (
          <Series key={index} series={one} layout={layout} onHover={setHover} />
        ))}
      </svg>
      {hover && at && (
        <HoverBox
          at={hover}
          title={at.series.name || nameOf(at.series.y, at.series.frame, frames)}
          rows={[at.series.x, at.series.y, ...(at.series.size ? [at.series.size] : [])].map((field) => ({
            label: nameOf(field, at.series.frame, frames),
            value: valueText(field, field.values[at.index]),
          }))}
        />
      )}
    </>
  );
}

export function XYPlot(props: PlotProps) {
  const { series, width, height } = props;
  if (series.length === 0) return <p role="status">The answer holds no two fields to set against each other.</p>;
  const legend = seriesLegend(series.map(({ y, frame, name }) => ({ field: y, frame, ...(name === '' ? {} : { name }) })), props);
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => <Chart {...props} width={chartWidth} height={chartHeight} />}
    </VizLayout>
  );
}
