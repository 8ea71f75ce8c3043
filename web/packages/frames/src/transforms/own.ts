// The transformations that @grafana/data does not have. Loaded with the first panel that uses one of them.
import { configFromData } from './config_from_data';
import { extractFields } from './extract_fields';
import { type Transform } from './fields';
import { heatmap } from './heatmap';
import { joinByLabels } from './join_by_labels';
import { partitionByValues } from './partition';
import { prepareTimeSeries } from './prepare_time_series';
import { regression } from './regression';
import { rowsToFields } from './rows_to_fields';
import { smoothing } from './smoothing';
import { spatial } from './spatial';
import { timeSeriesTable } from './time_series_table';

export const OWN: Readonly<Record<string, Transform>> = {
  configFromData,
  extractFields,
  heatmap,
  joinByLabels,
  partitionByValues,
  prepareTimeSeries,
  regression,
  rowsToFields,
  smoothing,
  spatial,
  timeSeriesTable,
};
