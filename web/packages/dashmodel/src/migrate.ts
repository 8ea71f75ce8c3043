// Brings a dashboard of any schema version to the newest one. Each step changes the copy it is given
// and knows nothing of the others; versions without a step changed nothing that is shown here.
import { copy, number, record } from './json';
import { giveIds, giveRefIds } from './migrations/ids';
import { cellOptions, hideFromTooltip, legendVisibility, tooltipOptions, valueMappings } from './migrations/panel_options';
import { datasourceReferences } from './migrations/datasource';
import { rowsToGrid } from './migrations/rows';
import { crosshair, maxPerRow, refreshText, text2 } from './migrations/small';
import { constantVariables, multiValueShape, queryRefresh, refreshNumbers } from './migrations/variables';
import type { AnyRecord } from './types';

export const SCHEMA_VERSION_LATEST = 42;

const STEPS: ReadonlyArray<readonly [version: number, step: (dashboard: AnyRecord) => void]> = [
  [3, giveIds],
  [7, giveRefIds],
  [12, refreshNumbers],
  [14, crosshair],
  [16, rowsToGrid],
  [17, maxPerRow],
  [23, multiValueShape],
  [26, text2],
  [27, constantVariables],
  [29, queryRefresh],
  [30, valueMappings],
  [30, tooltipOptions],
  [36, datasourceReferences],
  [37, legendVisibility],
  [38, cellOptions],
  [40, refreshText],
  [42, hideFromTooltip],
];

/** The migrated copy of `source`; a version above the newest is taken as it is. */
export function migrate(source: AnyRecord): AnyRecord {
  const dashboard = copy(source);
  const version = number(record(source)['schemaVersion'], 0);
  for (const [introduced, step] of STEPS) if (version < introduced) step(dashboard);
  dashboard['schemaVersion'] = Math.max(version, SCHEMA_VERSION_LATEST);
  return dashboard;
}
