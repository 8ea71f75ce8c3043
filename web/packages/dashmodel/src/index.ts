export { loadDashboard, UnsupportedDashboard } from './load';
export { SCHEMA_VERSION_LATEST } from './migrate';
export {
  buildSections,
  columnsOf,
  singleColumn,
  type PlacedPanel,
  type Section,
} from './layout';
export { expandRepeats, type RepeatValues } from './repeat';
export type {
  AnyRecord,
  Dashboard,
  DashboardLink,
  DataSourceRef,
  DataTarget,
  FieldConfigJson,
  GridPos,
  Panel,
  VariableJson,
} from './types';
