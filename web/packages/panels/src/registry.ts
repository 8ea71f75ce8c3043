// The panel plugins by the type that stands in a dashboard. Each is loaded when first drawn.
import type { ComponentType } from 'react';

import type { PanelProps } from './props';

export interface PanelPlugin {
  id: string;
  /** False for panels that send no query, such as text. */
  usesData: boolean;
  /** The content reaches to the frame's edge. */
  isFlush: boolean;
  load: () => Promise<{ default: ComponentType<PanelProps> }>;
}

const plugin = (id: string, load: PanelPlugin['load'], more: Partial<PanelPlugin> = {}): PanelPlugin => ({
  id,
  usesData: true,
  isFlush: false,
  load,
  ...more,
});

const PLUGINS: readonly PanelPlugin[] = [
  plugin('timeseries', () => import('./timeseries/TimeSeriesPanel')),
  plugin('stat', () => import('./stat/StatPanel')),
  plugin('gauge', () => import('./gauge/GaugePanel')),
  plugin('bargauge', () => import('./bargauge/BarGaugePanel')),
  plugin('heatmap', () => import('./heatmap/HeatmapPanel')),
  plugin('table', () => import('./table/TablePanel'), { isFlush: true }),
  plugin('text', () => import('./text/TextPanel'), { usesData: false }),
];

export function findPanel(type: string): PanelPlugin | undefined {
  return PLUGINS.find(({ id }) => id === type);
}
