// The panel plugins by the type that stands in a dashboard. Each is loaded when first drawn.
import { FieldColorModeId, ThresholdsMode, type FieldConfig } from '@grafana/data';
import type { ComponentType } from 'react';

import type { PanelProps } from './props';

export interface PanelPlugin {
  id: string;
  /** False for panels that send no query, such as text. */
  usesData: boolean;
  /** Reads the range of all values, or the values' colours, from the fields: they are configured anew with each answer. */
  readsRange: boolean;
  /** The content reaches to the frame's edge. */
  isFlush: boolean;
  /** What a field is configured with where the panel says nothing. */
  fieldDefaults: FieldConfig;
  load: () => Promise<{ default: ComponentType<PanelProps> }>;
}

const THRESHOLDS = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: 'green' },
    { value: 80, color: 'red' },
  ],
};
const BY_THRESHOLD: FieldConfig = { color: { mode: FieldColorModeId.Thresholds }, thresholds: THRESHOLDS };
const BY_SERIES: FieldConfig = { color: { mode: FieldColorModeId.PaletteClassic }, thresholds: THRESHOLDS };

const plugin = (id: string, load: PanelPlugin['load'], more: Partial<PanelPlugin> = {}): PanelPlugin => ({
  id,
  usesData: true,
  readsRange: true,
  isFlush: false,
  fieldDefaults: BY_THRESHOLD,
  load,
  ...more,
});

const PLUGINS: readonly PanelPlugin[] = [
  plugin('timeseries', () => import('./timeseries/TimeSeriesPanel'), { fieldDefaults: BY_SERIES, readsRange: false }),
  plugin('stat', () => import('./stat/StatPanel')),
  plugin('gauge', () => import('./gauge/GaugePanel')),
  plugin('bargauge', () => import('./bargauge/BarGaugePanel')),
  plugin('heatmap', () => import('./heatmap/HeatmapPanel')),
  plugin('histogram', () => import('./histogram/HistogramPanel'), { fieldDefaults: BY_SERIES }),
  plugin('barchart', () => import('./barchart/BarChartPanel'), { fieldDefaults: BY_SERIES }),
  plugin('piechart', () => import('./piechart/PieChartPanel'), { fieldDefaults: BY_SERIES }),
  plugin('state-timeline', () => import('./timeline/StateTimelinePanel')),
  plugin('status-history', () => import('./timeline/StatusHistoryPanel')),
  plugin('candlestick', () => import('./candlestick/CandlestickPanel'), { fieldDefaults: BY_SERIES }),
  plugin('xychart', () => import('./xy/XYChartPanel'), { fieldDefaults: BY_SERIES }),
  plugin('trend', () => import('./timeseries/TrendPanel'), { fieldDefaults: BY_SERIES }),
  plugin('logs', () => import('./logs/LogsPanel')),
  plugin('dashlist', () => import('./lists/DashListPanel'), { usesData: false }),
  plugin('alertlist', () => import('./lists/AlertListPanel'), { usesData: false }),
  plugin('annolist', () => import('./lists/AnnotationListPanel'), { usesData: false }),
  plugin('table', () => import('./table/TablePanel'), { isFlush: true }),
  plugin('text', () => import('./text/TextPanel'), { usesData: false }),
];

export function findPanel(type: string): PanelPlugin | undefined {
  return PLUGINS.find(({ id }) => id === type);
}
