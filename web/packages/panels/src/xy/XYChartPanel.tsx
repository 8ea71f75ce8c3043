import { useMemo } from 'react';

import type { PanelProps } from '../props';
import { xySeries } from './series';
import { XYPlot } from './XYPlot';

export default function XYChartPanel(props: PanelProps) {
  const series = useMemo(() => xySeries(props.frames, props.options), [props.frames, props.options]);
  return <XYPlot {...props} series={series} />;
}
