// Lines, bars and points over time.
import { useMemo } from 'react';

import type { PanelProps } from '../props';
import { alignFrames } from './align';
import { SeriesChart } from './SeriesChart';

export default function TimeSeriesPanel(props: PanelProps) {
  const frame = useMemo(() => alignFrames(props.frames), [props.frames]);
  if (!frame) return <p role="status">The answer holds no series over time. Try the table panel.</p>;
  return <SeriesChart {...props} frame={frame} isTime />;
}
