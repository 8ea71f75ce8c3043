// The transformations of this folder by what a person calls them.
export const OWN_NAMES: Readonly<Record<string, string>> = {
  configFromData: 'Config from query results',
  extractFields: 'Extract fields',
  heatmap: 'Create heatmap',
  joinByLabels: 'Join by labels',
  partitionByValues: 'Partition by values',
  prepareTimeSeries: 'Prepare time series',
  regression: 'Trendline',
  rowsToFields: 'Rows to fields',
  smoothing: 'Smoothing',
  spatial: 'Spatial operations',
  timeSeriesTable: 'Time series to table',
};
