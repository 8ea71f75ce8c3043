// What a line chart shows.
import type { Labels } from '@narthex/promapi';

import type { Columns } from '../lib/graph_data';
import type { TimeZone } from '../lib/time_text';

export interface ChartSeries {
  labels: Labels;
  // A CSS colour.
  color: string;
}

export interface ChartModel {
  columns: Columns;
  // One for each column of `columns.values`.
  series: readonly ChartSeries[];
  hidden: ReadonlySet<number>;
  isStacked: boolean;
  isFromZero: boolean;
  timeZone: TimeZone;
}
