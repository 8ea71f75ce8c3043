// A dashboard after loading: migrated, with defaults filled in. What stands in the file beyond these
// fields is kept in `source` and never written back changed.

export type AnyRecord = Record<string, unknown>;

export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface DataSourceRef {
  type?: string;
  uid?: string;
}

/** One query of a panel; fields beyond these belong to the kind of data source. */
export interface DataTarget extends AnyRecord {
  refId: string;
  hide: boolean;
  datasource: DataSourceRef | null;
}

export interface FieldConfigJson {
  defaults: AnyRecord;
  overrides: Array<{ matcher: { id: string; options?: unknown }; properties: Array<{ id: string; value?: unknown }> }>;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  transparent: boolean;
  gridPos: GridPos;
  datasource: DataSourceRef | null;
  targets: DataTarget[];
  fieldConfig: FieldConfigJson;
  options: AnyRecord;
  transformations: AnyRecord[];
  links: PanelLink[];
  /** The name of the library panel it stands for; empty for none. */
  libraryPanel: string;
  interval: string;
  maxDataPoints?: number | undefined;
  timeFrom: string;
  timeShift: string;
  hideTimeOverride: boolean;
  /** A duration, or __previousPeriod: how long ago the series were that are shown beside those of now; empty for none. */
  timeCompare: string;
  repeat: string;
  repeatDirection: 'h' | 'v';
  maxPerRow: number;
  /** Rows only: whether its panels are folded away, and then those panels. */
  collapsed: boolean;
  panels: Panel[];
  /** Values bound for this copy of a repeated panel, by variable name. */
  bound: Record<string, { text: string; value: string }>;
  /** Unique on the page, also among the copies of a repeated panel. */
  key: string;
}

/** A link in a panel's heading. */
export interface PanelLink {
  title: string;
  url: string;
  targetBlank: boolean;
}

/** What marks the time axes of all panels. */
export interface AnnotationJson extends AnyRecord {
  name: string;
  enable: boolean;
  hide: boolean;
  /** Its switch stands in the menu of controls, not above the panels. */
  isInMenu: boolean;
  iconColor: string;
  datasource: DataSourceRef | null;
}

export interface DashboardLink {
  type: string;
  title: string;
  url: string;
  tooltip: string;
  targetBlank: boolean;
  keepTime: boolean;
  includeVars: boolean;
  /** Links to dashboards: those that carry all of these. */
  tags: string[];
  asDropdown: boolean;
  icon: string;
  /** In the menu of controls, not above the panels. */
  isInMenu: boolean;
}

/** A range to choose by its name. */
export interface QuickRange {
  from: string;
  to: string;
  display: string;
}

export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  tags: string[];
  /** Empty: as the person prefers. */
  timezone: string;
  weekStart: string;
  fiscalYearStartMonth: number;
  /** 0 nothing, 1 the cursor, 2 cursor and tooltip are shared by the panels. */
  graphTooltip: number;
  time: { from: string; to: string };
  refresh: string;
  refreshIntervals: string[];
  timepickerHidden: boolean;
  /** Empty for those that the picker has by itself. */
  quickRanges: QuickRange[];
  /** How long before now a range up to now ends: what comes late is not missed. A duration, empty for at once. */
  nowDelay: string;
  /** False where its author wants it looked at only. */
  isEditable: boolean;
  panels: Panel[];
  variables: VariableJson[];
  annotations: AnnotationJson[];
  links: DashboardLink[];
}

export interface VariableJson extends AnyRecord {
  name: string;
  type: string;
}
