// Candles over a time series: which parts draw, in which colours. PANEL candlestick.
import { createTheme, FieldType, type DataFrame, type Field } from '@grafana/data';
import { describe, expect, test, vi } from 'vitest';
import type uPlot from 'uplot';

import { candlesOf, type Candles } from '../src/candlestick/candles';
import { candleFrame } from '../src/candlestick/frame';
import { colorOf, drawCandles, isHollow } from '../src/candlestick/paint';
import { readCandleStyle } from '../src/candlestick/style';

const theme = createTheme();
const field = (name: string, values: unknown[], type = FieldType.number): Field => ({ name, type, config: {}, values });
const frame = (...fields: Field[]): DataFrame => ({ fields, length: fields[0]?.values.length ?? 0 });
const time = (...values: number[]): Field => field('time', values, FieldType.time);

const OHLC = frame(time(0, 100, 200), field('open', [10, 12, 11]), field('high', [13, 14, 11]), field('low', [9, 10, 11]), field('close', [12, 11, 11]), field('volume', [5, 10, 0]), field('sma', [1, 2, 3]));

function candles(options: Record<string, unknown> = {}): Candles {
  const found = candlesOf([OHLC], options);
  if (!found) throw new Error('no candles');
  return found;
}
const style = (options: Record<string, unknown> = {}) => readCandleStyle(options, theme);

test('prices from several queries meet by their times', () => {
  const found = candlesOf([frame(time(0, 100), field('open', [1, 2])), frame(time(100, 200), field('close', [5, 6]))], {});
  expect([found?.time.values, found?.open.values, found?.close.values]).toEqual([[0, 100, 200], [1, 2, undefined], [undefined, 5, 6]]);
});

describe('what the chart is told', () => {
  const shape = (mode: string, more = {}) => candleFrame(candles({ includeAllFields: true }), style({ mode, ...more })).fields.map(({ name, config }) => [name, config.custom?.lineWidth, config.custom?.hideFrom?.legend]);
  test('prices and volume scale the axes and draw no line; other fields do', () => {
    expect(shape('candles+volume')).toEqual([['time', undefined, undefined], ...['open', 'high', 'low', 'close', 'volume'].map((name) => [name, 0, true]), ['sma', undefined, undefined]]);
    expect(shape('candles').map(([name]) => name)).toEqual(['time', 'open', 'high', 'low', 'close', 'sma']);
    expect(shape('volume').map(([name]) => name)).toEqual(['time', 'volume']);
  });
  test('the volume has an axis only where it stands alone', () => {
    const placement = (mode: string) => candleFrame(candles(), style({ mode })).fields.find(({ name }) => name === 'volume')?.config.custom?.axisPlacement;
    expect([placement('candles+volume'), placement('volume')]).toEqual(['hidden', undefined]);
  });
});

describe('colours', () => {
  const all = candles();
  const names = (options: Record<string, unknown>) => [0, 1, 2].map((index) => colorOf(all, index, style({ colors: { up: '#00f', down: '#f0f', flat: '#999' }, ...options })));
  test('by the candle itself, or by the closing before', () => {
    expect(names({})).toEqual(['#00f', '#f0f', '#999']);
    expect(names({ colorStrategy: 'close-close' })).toEqual(['#00f', '#f0f', '#999']);
    const fallen = { ...all, open: field('open', [10, 10, 10]) };
    expect(colorOf(fallen, 1, style({ colors: { up: '#00f', down: '#f0f' } }))).toBe('#00f');
    expect(colorOf(fallen, 1, style({ colors: { up: '#00f', down: '#f0f' }, colorStrategy: 'close-close' }))).toBe('#f0f');
  });
  test('hollow only where colours tell of the closing before', () => {
    expect([0, 1].map((index) => isHollow(all, index, style({})))).toEqual([false, false]);
    expect([0, 1].map((index) => isHollow(all, index, style({ colorStrategy: 'close-close' })))).toEqual([true, false]);
  });
});

describe('drawing', () => {
  function drawn(options: Record<string, unknown>) {
    const ctx = Object.assign({ fillStyle: '', strokeStyle: '', lineWidth: 1, globalAlpha: 1 }, Object.fromEntries(['save', 'restore', 'beginPath', 'rect', 'clip', 'moveTo', 'lineTo', 'stroke', 'fillRect', 'strokeRect'].map((name) => [name, vi.fn()] as const)));
    const plot = { ctx, bbox: { left: 0, top: 0, width: 300, height: 100 }, series: [{}, { scale: 'price' }], valToPos: (value: number, key: string) => (key === 'x' ? value : 100 - value) };
    vi.stubGlobal('devicePixelRatio', 1);
    drawCandles(plot as never as uPlot, candles(), style(options));
    return ctx as typeof ctx & Record<'fillRect' | 'strokeRect' | 'stroke', ReturnType<typeof vi.fn>>;
  }
  test('a body from opening to closing, as wide as its share of the step; flat ones a line', () => {
    expect(drawn({ mode: 'candles' }).fillRect.mock.calls).toEqual([[-35, 88, 70, 2], [65, 88, 70, 1], [165, 89, 70, 1]]);
  });
  test('volumes below, the largest within their share', () => {
    expect(drawn({ mode: 'candles+volume' }).fillRect.mock.calls.slice(0, 2)).toEqual([[-35, 88.75, 70, 11.25], [65, 77.5, 70, 22.5]]);
  });
  test('hollow bodies, and bars instead of bodies', () => {
    expect(drawn({ mode: 'candles', colorStrategy: 'close-close' }).strokeRect).toHaveBeenCalledTimes(1);
    const bars = drawn({ mode: 'candles', candleStyle: 'ohlcbars' });
    expect([bars.fillRect.mock.calls.length, bars.stroke.mock.calls.length]).toEqual([0, 3]);
  });
});
