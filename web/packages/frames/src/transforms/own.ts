// The transformations that @grafana/data does not have, in the form its registry takes.
import type { DataFrame, DataTransformerInfo } from '@grafana/data';
import { record } from '@narthex/dashmodel/json';
import { map } from 'rxjs';

import { configFromData } from './config_from_data';
import { extractFields } from './extract_fields';
import { type Transform } from './fields';
import { joinByLabels } from './join_by_labels';
import { partitionByValues } from './partition';
import { prepareTimeSeries } from './prepare_time_series';
import { regression } from './regression';
import { rowsToFields } from './rows_to_fields';
import { smoothing } from './smoothing';
import { timeSeriesTable } from './time_series_table';

const info = (id: string, name: string, transform: Transform): DataTransformerInfo => ({
  id,
  name,
  operator: (options) => (source) => source.pipe(map((frames: DataFrame[]) => transform(frames, record(options)))),
});

export const OWN_TRANSFORMERS: readonly DataTransformerInfo[] = [
  info('configFromData', 'Config from query results', configFromData),
  info('extractFields', 'Extract fields', extractFields),
  info('joinByLabels', 'Join by labels', joinByLabels),
  info('partitionByValues', 'Partition by values', partitionByValues),
  info('prepareTimeSeries', 'Prepare time series', prepareTimeSeries),
  info('regression', 'Trendline', regression),
  info('rowsToFields', 'Rows to fields', rowsToFields),
  info('smoothing', 'Smoothing', smoothing),
  info('timeSeriesTable', 'Time series to table', timeSeriesTable),
];
