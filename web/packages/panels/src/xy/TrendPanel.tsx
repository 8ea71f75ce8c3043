import { text } from '@narthex/dashmodel/json';
import { useMemo } from 'react';

import type { PanelProps } from '../props';
import { trendSeries } from './series';
import { XYPlot } from './XYPlot';

export default function TrendPanel(props: PanelProps) {
  const series = useMemo(() => trendSeries(props.frames, text(props.options['xField'])), [props.frames, props.options]);
  return <XYPlot {...props} series={series} isLines />;
}
