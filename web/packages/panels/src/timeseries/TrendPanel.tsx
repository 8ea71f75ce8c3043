// Lines, bars and points over numbers.
import { text } from '@narthex/dashmodel/json';
import { useMemo } from 'react';

import type { PanelProps } from '../props';
import { SeriesChart } from './SeriesChart';
import { trendFrame } from './trend';

export default function TrendPanel(props: PanelProps) {
  const xField = text(props.options['xField']);
  const frame = useMemo(() => trendFrame(props.frames, xField), [props.frames, xField]);
  if (typeof frame === 'string') return <p role="status">{frame}</p>;
  return <SeriesChart {...props} frame={frame} isTime={false} />;
}
