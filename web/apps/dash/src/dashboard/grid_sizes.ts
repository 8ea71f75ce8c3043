// How large the grid of a dashboard is on the page. Source: spec grafana.md, DASH-2.
export const COLUMN_COUNT = 24;
export const CELL_HEIGHT_PX = 30;
export const GAP_PX = 8;
export const ROW_PITCH_PX = CELL_HEIGHT_PX + GAP_PX;
