// Changes to the rows of a dashboard's JSON. An open row owns the panels down to the next row; a folded one holds them
// itself, under `panels`. Pure. Source: spec grafana.md, DASH-4.
import { idOf, itemOf, panelsOf, removePanel, withPanels, withPlaces } from './edit';
import { settle } from './grid';
import { flag, record, records } from './json';
import type { AnyRecord } from './types';

const isRow = (panel: AnyRecord): boolean => panel['type'] === 'row';
const byPlace = (a: AnyRecord, b: AnyRecord): number => itemOf(a).y - itemOf(b).y || itemOf(a).x - itemOf(b).x;
const settled = (dashboard: AnyRecord): AnyRecord => withPlaces(dashboard, settle(panelsOf(dashboard).map(itemOf)));

function down(panel: AnyRecord, rowCount: number): AnyRecord {
  return { ...panel, gridPos: { ...record(panel['gridPos']), y: itemOf(panel).y + rowCount } };
}

/** What stands on the grid behind the row, in reading order. */
function behind(dashboard: AnyRecord, row: AnyRecord): AnyRecord[] {
  const sorted = panelsOf(dashboard).toSorted(byPlace);
  return sorted.slice(sorted.indexOf(row) + 1);
}

function under(dashboard: AnyRecord, row: AnyRecord): AnyRecord[] {
  const after = behind(dashboard, row);
  const next = after.findIndex(isRow);
  return next < 0 ? after : after.slice(0, next);
}

const findRow = (dashboard: AnyRecord, id: number): AnyRecord | undefined => panelsOf(dashboard).find((panel) => isRow(panel) && idOf(panel) === id);

function folded(dashboard: AnyRecord, row: AnyRecord): AnyRecord {
  const inner = under(dashboard, row);
  const rest = panelsOf(dashboard).filter((panel) => !inner.includes(panel));
  return settled(withPanels(dashboard, rest.map((panel) => (panel === row ? { ...row, collapsed: true, panels: [...records(row['panels']), ...inner] } : panel))));
}

function unfolded(dashboard: AnyRecord, row: AnyRecord): AnyRecord {
  const inner = records(row['panels']);
  const items = inner.map(itemOf);
  const top = Math.min(...items.map(({ y }) => y));
  const height = Math.max(0, ...items.map(({ y, h }) => y + h - top));
  const below = new Set(behind(dashboard, row));
  const panels = panelsOf(dashboard).flatMap((panel) => {
    if (panel === row) return [{ ...row, collapsed: false, panels: [] }, ...inner.map((one) => down(one, itemOf(row).y + 1 - top))];
    return [below.has(panel) ? down(panel, height) : panel];
  });
  return settled(withPanels(dashboard, panels));
}

/** The dashboard with the row folded or opened; the same object where it is so already. */
export function foldRow(dashboard: AnyRecord, id: number, isFolded: boolean): AnyRecord {
  const row = findRow(dashboard, id);
  if (!row || flag(row['collapsed']) === isFolded) return dashboard;
  return isFolded ? folded(dashboard, row) : unfolded(dashboard, row);
}

function withPanelsOf(dashboard: AnyRecord, id: number, panels: 'removed' | 'kept'): AnyRecord {
  if (panels === 'kept') return foldRow(dashboard, id, false);
  const inRow = foldRow(dashboard, id, true);
  return withPanels(inRow, panelsOf(inRow).map((panel) => (idOf(panel) === id ? { ...panel, panels: [] } : panel)));
}

/** Without the row; its panels go with it, or stay where they are. */
export function removeRow(dashboard: AnyRecord, id: number, panels: 'removed' | 'kept'): AnyRecord {
  return removePanel(withPanelsOf(dashboard, id, panels), id);
}

export function rowPanelCount(dashboard: AnyRecord, id: number): number {
  const row = findRow(dashboard, id);
  if (!row) return 0;
  return records(row['panels']).length + (flag(row['collapsed']) ? 0 : under(dashboard, row).length);
}
