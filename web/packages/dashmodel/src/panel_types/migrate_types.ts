// Panels of types that are gone become those that took their place, whatever the schema version says.
import { isRecord } from '../json';
import type { AnyRecord } from '../types';
import { migrateGraph } from './graph';
import { isHeatmapOld, migrateHeatmapOld } from './heatmap_old';
import { migratePiechartOld } from './piechart_old';
import { migrateAlertList, migrateDashList, migrateText } from './plain';
import { migrateSingleValue } from './single_value';
import { migrateSinglestat } from './singlestat';
import { migrateTableOld } from './table_old';

type Migration = (panel: AnyRecord) => void;

const BY_TYPE: Readonly<Record<string, Migration>> = {
  graph: migrateGraph,
  graphite: migrateGraph,
  'timeseries-old': migrateGraph,
  singlestat: migrateSinglestat,
  'grafana-singlestat-panel': migrateSinglestat,
  'table-old': migrateTableOld,
  'grafana-piechart-panel': migratePiechartOld,
  stat: migrateSingleValue,
  gauge: migrateSingleValue,
  bargauge: migrateSingleValue,
  text: migrateText,
  dashlist: migrateDashList,
  alertlist: migrateAlertList,
};

const RENAMED: Readonly<Record<string, string>> = {
  text2: 'text',
  'heatmap-new': 'heatmap',
};

export function migratePanelType(panel: AnyRecord): void {
  const type = String(panel['type'] ?? '');
  panel['type'] = RENAMED[type] ?? panel['type'];
  if (isHeatmapOld(panel)) migrateHeatmapOld(panel);
  // Styles for columns are the mark of the old table under its old name.
  if (type === 'table' && Array.isArray(panel['styles']) && !isRecord(panel['fieldConfig'])) migrateTableOld(panel);
  BY_TYPE[String(panel['type'])]?.(panel);
}
