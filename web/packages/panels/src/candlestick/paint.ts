// Candles and volumes on the canvas of the chart.
import type uPlot from 'uplot';

import { usualStepMs } from '../timeline/spans';
import { hasRisen, isFlat, type Candles } from './candles';
import { VOLUME_SHARE } from './frame';
import type { CandleStyle } from './style';

const WIDTH_SHARE = 0.7;
const VOLUME_OPACITY = 0.5;
// Of their own share, so that the largest does not touch the candles.
const VOLUME_HEIGHT = 0.9;

export function colorOf(candles: Candles, index: number, { strategy, up, down, flat }: CandleStyle): string {
  if (isFlat(candles, index, strategy)) return flat;
  return hasRisen(candles, index, strategy) ? up : down;
}

/** Where colours tell of the closing before, an empty candle tells that it rose within itself. */
export const isHollow = (candles: Candles, index: number, { strategy }: CandleStyle): boolean => strategy === 'close-close' && hasRisen(candles, index, 'open-close') && !isFlat(candles, index, 'open-close');

const measured = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

function largest(values: readonly unknown[]): number {
  let max = 0;
  for (const value of values) max = Math.max(max, measured(value) ?? 0);
  return max;
}

/** The scale of the prices, which stand first. */
const priceScale = (plot: uPlot): string => plot.series[1]?.scale ?? 'y';

function drawVolumes(plot: uPlot, candles: Candles, style: CandleStyle, widthPx: number): void {
  const { ctx, bbox } = plot;
  const volumes: readonly unknown[] = candles.volume?.values ?? [];
  const max = largest(volumes);
  if (!(max > 0)) return;
  const bottom = bbox.top + bbox.height;
  ctx.globalAlpha = VOLUME_OPACITY;
  candles.time.values.forEach((time: number, index: number) => {
    const volume = measured(volumes[index]);
    if (!volume || volume < 0) return;
    const height = style.hasPrices ? (volume / max) * bbox.height * VOLUME_SHARE * VOLUME_HEIGHT : bottom - plot.valToPos(volume, priceScale(plot), true);
    ctx.fillStyle = colorOf(candles, index, style);
    ctx.fillRect(plot.valToPos(time, 'x', true) - widthPx / 2, bottom - height, widthPx, height);
  });
  ctx.globalAlpha = 1;
}

function drawPrices(plot: uPlot, candles: Candles, style: CandleStyle, widthPx: number): void {
  const { ctx } = plot;
  const scale = priceScale(plot);
  const ratio = devicePixelRatio;
  candles.time.values.forEach((time: number, index: number) => {
    const [open, high, low, close] = [candles.open, candles.high, candles.low, candles.close].map(({ values }) => measured(values[index]));
    if (open === undefined || high === undefined || low === undefined || close === undefined) return;
    const x = plot.valToPos(time, 'x', true);
    const up = (value: number): number => plot.valToPos(value, scale, true);
    const [top, bottom] = [up(Math.max(open, close)), up(Math.min(open, close))];
    ctx.fillStyle = ctx.strokeStyle = colorOf(candles, index, style);
    ctx.lineWidth = ratio;
    const stroke = (...ends: Array<[fromX: number, fromY: number, toX: number, toY: number]>): void => {
      ctx.beginPath();
      for (const [fromX, fromY, toX, toY] of ends) {
        ctx.moveTo(fromX, fromY);
        ctx.lineTo(toX, toY);
      }
      ctx.stroke();
    };
    if (style.isBars) {
      ctx.lineWidth = 2 * ratio;
      stroke([x, up(high), x, up(low)], [x - widthPx / 2, up(open), x, up(open)], [x, up(close), x + widthPx / 2, up(close)]);
      return;
    }
    stroke([x, up(high), x, top], [x, bottom, x, up(low)]);
    const height = Math.max(ratio, bottom - top);
    if (isHollow(candles, index, style)) ctx.strokeRect(x - widthPx / 2, top, widthPx, height);
    else ctx.fillRect(x - widthPx / 2, top, widthPx, height);
  });
}

export function drawCandles(plot: uPlot, candles: Candles, style: CandleStyle): void {
  const { ctx, bbox } = plot;
  const stepMs = usualStepMs(candles.time.values);
  const widthPx = Math.max(devicePixelRatio, (plot.valToPos(stepMs, 'x', true) - plot.valToPos(0, 'x', true)) * WIDTH_SHARE);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (style.hasVolume) drawVolumes(plot, candles, style, widthPx);
  if (style.hasPrices) drawPrices(plot, candles, style, widthPx);
  ctx.restore();
}
