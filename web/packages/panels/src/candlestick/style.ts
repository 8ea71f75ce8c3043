// How candles look, by the panel's options.
import type { GrafanaTheme2 } from '@grafana/data';
import { record, text, type AnyRecord } from '@narthex/dashmodel/json';

export interface CandleStyle {
  hasPrices: boolean;
  hasVolume: boolean;
  isBars: boolean;
  /** What a candle is compared with to have risen or fallen: its own opening, or the closing before. */
  strategy: 'open-close' | 'close-close';
  up: string;
  down: string;
  flat: string;
}

export function readCandleStyle(options: AnyRecord, theme: GrafanaTheme2): CandleStyle {
  const mode = text(options['mode'], 'candles+volume');
  const colors = record(options['colors']);
  const color = (name: string, fallback: string): string => theme.visualization.getColorByName(text(colors[name]) || fallback);
  return {
    hasPrices: mode !== 'volume',
    hasVolume: mode !== 'candles',
    isBars: options['candleStyle'] === 'ohlcbars',
    strategy: options['colorStrategy'] === 'close-close' ? 'close-close' : 'open-close',
    up: color('up', 'green'),
    down: color('down', 'red'),
    flat: color('flat', 'gray'),
  };
}
