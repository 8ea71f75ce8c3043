// A chart's options for uPlot.
import uPlot from 'uplot';

import { stackColumns } from '../lib/graph_data';
import { formatAxis } from '../lib/number_text';
import { formatTick } from '../lib/time_text';
import type { ChartModel } from './chart_model';

// The colours of everything that is no series, read from the page.
export interface ChartColors {
  text: string;
  grid: string;
  font: string;
}

export function readChartColors(element: Element): ChartColors {
  const style = getComputedStyle(element);
  return {
    text: style.getPropertyValue('--nx-muted').trim(),
    grid: style.getPropertyValue('--nx-grid').trim(),
    font: `12px ${style.getPropertyValue('--nx-font').trim()}`,
  };
}

export function chartData({ columns, hidden, isStacked }: ChartModel): uPlot.AlignedData {
  const values = isStacked
    ? stackColumns(columns.values, (index) => !hidden.has(index))
    : columns.values;
  return [columns.times, ...values];
}

function axes({ timeZone }: ChartModel, colors: ChartColors): uPlot.Axis[] {
  const look: uPlot.Axis = {
    stroke: colors.text,
    font: colors.font,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...look,
      space: 84,
      size: 44,
      gap: 8,
      values: (_plot, splits, _axis, _space, increment) =>
        splits.map((time, index) => formatTick(time, increment, timeZone, splits[index - 1])),
    },
    {
      ...look,
      space: 36,
      gap: 8,
      // As wide as its widest label, so that long numbers are not cut off.
      size: (plot, labels) => {
        if (!labels) return 48;
        plot.ctx.font = colors.font;
        const width = Math.max(...labels.map((label) => plot.ctx.measureText(label).width));
        return Math.ceil(width) + 20;
      },
      values: (_plot, splits, _axis, _space, increment) =>
        splits.map((value) => formatAxis(value, increment)),
    },
  ];
}

function series({ series: list, hidden, isStacked, columns }: ChartModel): uPlot.Series[] {
  // A lone sample between gaps is a line of no length: points make it visible.
  const isSparse = columns.times.length < 3;
  return list.map(({ color }, index) => ({
    show: !hidden.has(index),
    stroke: color,
    width: isStacked ? 1 : 1.6,
    points: isSparse ? { show: true, size: 5 } : {},
    ...(isStacked && { fill: fillOf(color) }),
  }));
}

const fillOf = (color: string): string => `color-mix(in srgb, ${color} 38%, transparent)`;

// Bands between neighbours, so that a series' area does not run through those below it.
function bands({ series: list, hidden, isStacked }: ChartModel): uPlot.Band[] {
  if (!isStacked) return [];
  const visible = list.map((_, index) => index).filter((index) => !hidden.has(index));
  return visible.slice(1).map((index, below) => ({
    series: [index + 1, (visible[below] ?? 0) + 1],
    fill: fillOf(list[index]?.color ?? 'gray'),
  }));
}

interface Frame {
  width: number;
  height: number;
  colors: ChartColors;
  plugins: uPlot.Plugin[];
  // The time range dragged over with the pointer, in seconds since the epoch.
  onZoom: (start: number, end: number) => void;
}

export function chartOptions(model: ChartModel, frame: Frame): uPlot.Options {
  const includesZero = model.isFromZero || model.isStacked;
  const { times } = model.columns;
  return {
    width: frame.width,
    height: frame.height,
    padding: [12, 14, 0, 4],
    plugins: frame.plugins,
    legend: { show: false },
    focus: { alpha: 0.2 },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7, width: 2 } },
    tzDate: (seconds) =>
      model.timeZone === 'utc' ? uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000),
    scales: {
      // The whole range that was asked for, also where there are no samples.
      x: { range: () => [times[0] ?? 0, times.at(-1) ?? 1] },
      y: {
        range: (_plot, min, max) => {
          // Mode 1 always includes zero; mode 3 only keeps the padding from crossing it.
          const side: uPlot.Range.Limit = { pad: 0.08, soft: 0, mode: includesZero ? 1 : 3 };
          // A flat line at zero, or no sample at all, still gets an axis.
          if (min === null || max === null || (min === 0 && max === 0)) return [0, 1];
          return uPlot.rangeNum(min, max, { min: side, max: side });
        },
      },
    },
    axes: axes(model, frame.colors),
    series: [{}, ...series(model)],
    bands: bands(model),
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const start = plot.posToVal(plot.select.left, 'x');
          const end = plot.posToVal(plot.select.left + plot.select.width, 'x');
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          frame.onZoom(start, end);
        },
      ],
    },
  };
}
