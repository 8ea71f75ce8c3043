// Brings a dashboard of any schema version to the newest one. Each step changes the copy it is given
// and knows nothing of the others; versions without a step changed nothing that is shown here.
import { copy, number, records } from './json';
import { aliasAxis, firstThreshold, gridThresholds, gridToAxes, navigation, pulldowns, servicesAndGrid } from './migrations/early';
import { giveIds, giveRefIds } from './migrations/ids';
import { formatTime, keepTimeAxis, mergeLabels, oldTables, timeSeriesTable, variableTags } from './migrations/late';
import { dataLinkNames, panelLinks } from './migrations/links';
import { cellOptions, hideFromTooltip, legendVisibility, tooltipOptions, valueMappings } from './migrations/panel_options';
import { datasourceReferences } from './migrations/datasource';
import { rowsToGrid } from './migrations/rows';
import { allPanels } from './migrations/walk';
import { regionsToAnnotations } from './panel_types/time_regions';
import { migratePanelType } from './panel_types/migrate_types';
import { crosshair, maxPerRow, refreshText, text2 } from './migrations/small';
import { constantVariables, multiValueShape, queryRefresh, refreshNumbers } from './migrations/variables';
import { unwrapped } from './v2/detect';
import type { AnyRecord } from './types';

export const SCHEMA_VERSION_LATEST = 42;

const STEPS: ReadonlyArray<readonly [version: number, step: (dashboard: AnyRecord) => void]> = [
  [2, servicesAndGrid],
  [4, aliasAxis],
  [6, pulldowns],
  [7, navigation],
  [10, firstThreshold],
  [12, refreshNumbers],
  [12, gridToAxes],
  [13, gridThresholds],
  [14, crosshair],
  [16, rowsToGrid],
  [17, maxPerRow],
  [19, panelLinks],
  [21, dataLinkNames],
  [23, multiValueShape],
  [24, oldTables],
  [26, text2],
  [27, constantVariables],
  [28, variableTags],
  [29, queryRefresh],
  [30, valueMappings],
  [30, tooltipOptions],
  [31, mergeLabels],
  [35, keepTimeAxis],
  [36, datasourceReferences],
  [37, legendVisibility],
  [38, cellOptions],
  [39, timeSeriesTable],
  [40, refreshText],
  [42, hideFromTooltip],
];

/** The migrated copy of `source`; a version above the newest is taken as it is. */
export function migrate(source: AnyRecord): AnyRecord {
  const dashboard = unwrapped(copy(source));
  const version = number(dashboard['schemaVersion'], 0);
  for (const [introduced, step] of STEPS) if (version < introduced) step(dashboard);
  // Files made by programs keep the form of old beside a new version, and leave ids out at any.
  if (records(dashboard['panels']).length === 0) rowsToGrid(dashboard);
  giveIds(dashboard);
  giveRefIds(dashboard);
  regionsToAnnotations(dashboard);
  for (const panel of allPanels(dashboard)) migratePanelType(panel);
  // Of the next version, but transformations know only the new form.
  formatTime(dashboard);
  dashboard['schemaVersion'] = Math.max(version, SCHEMA_VERSION_LATEST);
  return dashboard;
}
