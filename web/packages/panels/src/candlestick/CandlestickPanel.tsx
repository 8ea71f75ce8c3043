// Prices over time, as candles or bars, with their volume: a time series whose prices are drawn together.
import { useTheme2 } from '@narthex/vizkit';
import { useMemo, useRef } from 'react';
import type uPlot from 'uplot';

import type { PanelProps } from '../props';
import { SeriesChart } from '../timeseries/SeriesChart';
import { candlesOf } from './candles';
import { candleFrame, VOLUME_SHARE } from './frame';
import { drawCandles } from './paint';
import { readCandleStyle } from './style';

export default function CandlestickPanel(props: PanelProps) {
  const { frames, options } = props;
  const theme = useTheme2();
  const candles = useMemo(() => candlesOf(frames, options), [frames, options]);
  const style = useMemo(() => readCandleStyle(options, theme), [options, theme]);
  const frame = useMemo(() => candles && candleFrame(candles, style), [candles, style]);
  const latest = useRef({ candles, style });
  latest.current = { candles, style };
  const hasFoot = style.hasPrices && style.hasVolume && candles?.volume !== undefined;
  const underlay = useMemo(() => {
    const draw = (plot: uPlot): void => {
      const { candles: shown, style: now } = latest.current;
      if (shown) drawCandles(plot, shown, now);
    };
    return hasFoot ? { draw, footShare: VOLUME_SHARE } : { draw };
  }, [hasFoot]);
  if (!candles || !frame) return <p role="status">The answer holds no prices over time.</p>;
  return <SeriesChart {...props} frames={[frame]} frame={frame} isTime underlay={underlay} />;
}
