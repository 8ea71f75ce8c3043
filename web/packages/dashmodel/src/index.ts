export { loadDashboard, UnsupportedDashboard } from './load';
export { classic, isV2, unwrapped } from './v2/detect';
export { migrate, SCHEMA_VERSION_LATEST } from './migrate';
export {
  buildSections,
  columnsOf,
  fitPanels,
  singleColumn,
  type PlacedPanel,
  type Section,
} from './layout';
export { expandRepeats, type RepeatValues } from './repeat';
export type {
  AnnotationJson,
  AnyRecord,
  Dashboard,
  DashboardLink,
  DataSourceRef,
  DataTarget,
  FieldConfigJson,
  GridPos,
  Panel,
  PanelLink,
  QuickRange,
  VariableJson,
} from './types';
export { differences, type Difference } from './diff';
export {
  addPanel,
  duplicatePanel,
  exportJson,
  findPanelJson,
  placePanel,
  removePanel,
  replacePanel,
  valueAt,
  withValue,
} from './edit';
export { foldRow, removeRow, rowPanelCount } from './edit_rows';
export { elementsOf, exportForSharing, type SharingContext } from './sharing';
export { filled, libraryUids, partedLibrary, unlinked, withLibrary, withModels, type LibraryElement } from './library';
export { GRID_COLUMNS } from './grid';
