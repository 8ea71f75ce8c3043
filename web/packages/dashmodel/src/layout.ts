// From panels on a grid to what is drawn: sections under their row headings, each with its own grid.
import { settle } from './grid';
import type { GridPos, Panel } from './types';

export interface PlacedPanel {
  panel: Panel;
  /** Relative to the section. */
  gridPos: GridPos;
}

export interface Section {
  /** Absent for the panels above the first row. */
  row: Panel | undefined;
  panels: PlacedPanel[];
  rowCount: number;
}

const byPosition = (a: Panel, b: Panel): number => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x;

function place(panels: Panel[]): Pick<Section, 'panels' | 'rowCount'> {
  const top = Math.min(...panels.map(({ gridPos }) => gridPos.y));
  const items = panels.map(({ gridPos }, id) => ({ id, ...gridPos, y: gridPos.y - top }));
  // Files hold overlaps and holes; whoever shows a dashboard settles them, so that all look the same.
  const settled = settle(items);
  const placed = panels.map((panel, index) => {
    const { x, y, w, h } = settled[index] ?? panel.gridPos;
    return { panel, gridPos: { x, y, w, h } };
  });
  return { panels: placed, rowCount: Math.max(0, ...placed.map(({ gridPos }) => gridPos.y + gridPos.h)) };
}

/** A folded row holds its panels itself; an open one owns every panel down to the next row. */
export function buildSections(panels: readonly Panel[]): Section[] {
  const groups: Array<{ row: Panel | undefined; panels: Panel[] }> = [{ row: undefined, panels: [] }];
  for (const panel of panels.toSorted(byPosition)) {
    if (panel.type === 'row') groups.push({ row: panel, panels: [...panel.panels] });
    else groups.at(-1)?.panels.push(panel);
  }
  return groups
    .filter((group) => group.row !== undefined || group.panels.length > 0)
    .map((group) => ({ row: group.row, ...place(group.panels) }));
}

// Narrower than this, a panel side by side with another is too narrow to read.
const ONE_COLUMN_BELOW_PX = 768;

export function columnsOf(widthPx: number): 'grid' | 'single' {
  return widthPx < ONE_COLUMN_BELOW_PX ? 'single' : 'grid';
}

/** The same panels one under another over the whole width, in reading order. */
export function singleColumn(section: Section): Section {
  let y = 0;
  const panels = section.panels.map(({ panel, gridPos }) => {
    const placed = { panel, gridPos: { x: 0, y, w: 24, h: gridPos.h } };
    y += gridPos.h;
    return placed;
  });
  return { ...section, panels, rowCount: y };
}

/** The same panels, higher or lower, so that all of them take `rowCount` rows of the grid. */
export function fitPanels(panels: readonly Panel[], rowCount: number): Panel[] {
  const before = Math.max(0, ...panels.map(({ gridPos: { y, h } }) => y + h));
  if (before === 0 || rowCount < 1) return [...panels];
  const line = (y: number): number => Math.round((y * rowCount) / before);
  return panels.map((panel) => {
    const { y, h } = panel.gridPos;
    const height = panel.type === 'row' ? h : Math.max(1, line(y + h) - line(y));
    return { ...panel, gridPos: { ...panel.gridPos, y: line(y), h: height } };
  });
}
