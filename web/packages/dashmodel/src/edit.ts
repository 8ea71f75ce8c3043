// Changes to a dashboard's JSON: each gives a new one and leaves the old as it was. Pure.
import { freePlace, moveItem, settle, type GridItem } from './grid';
import { isRecord, number, record, records } from './json';
import { allPanels } from './migrations/walk';
import type { AnyRecord, GridPos } from './types';

export const panelsOf = (dashboard: AnyRecord): AnyRecord[] => records(dashboard['panels']);

export const idOf = (panel: AnyRecord): number => number(panel['id'], 0);

export function itemOf(panel: AnyRecord): GridItem {
  const { x, y, w, h } = record(panel['gridPos']);
  return { id: idOf(panel), x: number(x, 0), y: number(y, 0), w: number(w, 12), h: number(h, 9) };
}

const gridPos = ({ x, y, w, h }: GridPos): GridPos => ({ x, y, w, h });

export function withPanels(dashboard: AnyRecord, panels: AnyRecord[]): AnyRecord {
  return { ...dashboard, panels };
}

export function withPlaces(dashboard: AnyRecord, items: readonly GridItem[]): AnyRecord {
  const byId = new Map(items.map((item) => [item.id, item]));
  return withPanels(
    dashboard,
    panelsOf(dashboard).map((panel) => {
      const item = byId.get(idOf(panel));
      return item ? { ...panel, gridPos: gridPos(item) } : panel;
    }),
  );
}

const nextId = (dashboard: AnyRecord): number => Math.max(0, ...allPanels(dashboard).map(idOf)) + 1;

/** The panel, wherever it lies: also in a folded row. */
export function findPanelJson(dashboard: AnyRecord, id: number): AnyRecord | undefined {
  return allPanels(dashboard).find((panel) => idOf(panel) === id);
}

export function addPanel(dashboard: AnyRecord, panel: AnyRecord, size = { w: 12, h: 8 }): { dashboard: AnyRecord; id: number } {
  const id = nextId(dashboard);
  const place = freePlace(panelsOf(dashboard).map(itemOf), size.w, size.h);
  return { id, dashboard: withPanels(dashboard, [...panelsOf(dashboard), { ...panel, id, gridPos: place }]) };
}

function replaced(panels: AnyRecord[], id: number, change: (panel: AnyRecord) => AnyRecord | undefined): AnyRecord[] {
  return panels.flatMap((panel) => {
    if (idOf(panel) === id) {
      const next = change(panel);
      return next ? [next] : [];
    }
    const inner = panel['panels'];
    return Array.isArray(inner) && inner.length > 0 ? [{ ...panel, panels: replaced(records(inner), id, change) }] : [panel];
  });
}

export function replacePanel(dashboard: AnyRecord, id: number, panel: AnyRecord): AnyRecord {
  return withPanels(dashboard, replaced(panelsOf(dashboard), id, () => ({ ...panel, id })));
}

/** Without the panel; what stood below it moves up. A row that goes leaves its panels. */
export function removePanel(dashboard: AnyRecord, id: number): AnyRecord {
  const going = findPanelJson(dashboard, id);
  const freed = going?.['type'] === 'row' ? records(going['panels']) : [];
  const rest = withPanels(dashboard, [...replaced(panelsOf(dashboard), id, () => undefined), ...freed]);
  return withPlaces(rest, settle(panelsOf(rest).map(itemOf)));
}

/** A copy beside the panel where there is room, below it where there is none. */
export function duplicatePanel(dashboard: AnyRecord, id: number): { dashboard: AnyRecord; id: number } {
  const panel = findPanelJson(dashboard, id);
  if (!panel) return { dashboard, id };
  const copyId = nextId(dashboard);
  const { x, y, w, h } = itemOf(panel);
  const hasRoom = x + w * 2 <= 24;
  const place = hasRoom ? { x: x + w, y, w, h } : { x, y: y + h, w, h };
  const added = withPanels(dashboard, [...panelsOf(dashboard), { ...structuredClone(panel), id: copyId, gridPos: place }]);
  return { id: copyId, dashboard: withPlaces(added, moveItem(panelsOf(added).map(itemOf), copyId, place)) };
}

const hasPanel = (panel: AnyRecord, id: number): boolean => records(panel['panels']).some((one) => idOf(one) === id);

/** In a folded row that is looked into, among the panels of that row. */
export function placePanel(dashboard: AnyRecord, id: number, to: GridPos): AnyRecord {
  const panels = panelsOf(dashboard);
  if (panels.some((panel) => hasPanel(panel, id))) return withPanels(dashboard, panels.map((panel) => (hasPanel(panel, id) ? placePanel(panel, id, to) : panel)));
  return withPlaces(dashboard, moveItem(panelsOf(dashboard).map(itemOf), id, to));
}

/** The value at a path such as `options.legend.calcs`; undefined where there is none. */
export function valueAt(root: unknown, path: string): unknown {
  let here: unknown = root;
  for (const step of path.split('.')) {
    if (!isRecord(here) && !Array.isArray(here)) return undefined;
    here = Array.isArray(here) ? (here as unknown[])[Number(step)] : here[step];
  }
  return here;
}

function within(here: unknown, [first = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(here)) return here.map((item: unknown, at) => (at !== Number(first) ? item : rest.length > 0 ? within(item, rest, value) : value));
  const { [first]: child, ...others } = record(here);
  const next = rest.length > 0 ? within(child, rest, value) : value;
  return next === undefined ? others : { ...record(here), [first]: next };
}

/** A copy with the value set at the path; undefined takes the key out. A step into a list is a place that it has. */
export function withValue(root: AnyRecord, path: string, value: unknown): AnyRecord {
  return record(within(root, path.split('.'), value));
}

/** What a file of a dashboard is: without what one server's database adds. */
export function exportJson(dashboard: AnyRecord): AnyRecord {
  const { id: _id, version: _version, ...rest } = dashboard;
  return rest;
}
