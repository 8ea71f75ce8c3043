// 16: dashboards were rows of panels with a span of twelfths; they become panels on a grid of 24 columns.
import { isRecord, number, record, records, text } from '../json';
import type { AnyRecord } from '../types';

const COLUMN_COUNT = 24;
// The grid's cell and the gap below it, in CSS pixels: heights of that time were pixels.
const CELL_PX = 38;
const HEIGHT_MIN = 3;
const HEIGHT_PX_DEFAULT = 250;
const SPAN_DEFAULT = 4;

function gridHeight(height: unknown): number {
  const px = number(text(height).replace(/px$/, '')) ?? HEIGHT_PX_DEFAULT;
  return Math.max(HEIGHT_MIN, Math.ceil(px / CELL_PX));
}

/** Places panels of one row left to right, under the shallowest columns that are wide enough. */
class RowArea {
  private readonly depth: number[] = Array.from({ length: COLUMN_COUNT }, () => 0);

  constructor(private readonly top: number) {}

  place(width: number, height: number): { x: number; y: number } {
    let best = { x: 0, depth: Infinity };
    for (let x = 0; x + width <= COLUMN_COUNT; x += 1) {
      const depth = Math.max(...this.depth.slice(x, x + width));
      if (depth < best.depth) best = { x, depth };
    }
    for (let x = best.x; x < best.x + width; x += 1) this.depth[x] = best.depth + height;
    return { x: best.x, y: this.top + best.depth };
  }

  get height(): number {
    return Math.max(...this.depth);
  }
}

function placeRow(row: AnyRecord, top: number): { panels: AnyRecord[]; bottom: number } {
  const area = new RowArea(top);
  const panels = records(row['panels']).map((panel) => {
    const w = Math.min(COLUMN_COUNT, Math.max(1, Math.floor(number(panel['span'], SPAN_DEFAULT)) * 2));
    const h = gridHeight(panel['height'] ?? row['height']);
    const { span: _span, height: _height, ...rest } = panel;
    return { ...rest, gridPos: { ...area.place(w, h), w, h } };
  });
  return { panels, bottom: top + area.height };
}

export function rowsToGrid(dashboard: AnyRecord): void {
  if (!Array.isArray(dashboard['rows'])) return;
  // Copies that a repeat had left in the file are made again when the dashboard is shown.
  const rows = records(dashboard['rows']).filter((row) => !row['repeatIteration']);
  const hasRowPanels = rows.some((row) => row['collapse'] || row['showTitle'] || row['repeat']);
  let highestId = Math.max(0, ...rows.flatMap((row) => records(row['panels']).map((panel) => number(panel['id'], 0))));
  let y = 0;

  const panels: AnyRecord[] = records(dashboard['panels']);
  for (const row of rows) {
    const isCollapsed = row['collapse'] === true;
    const { panels: placed, bottom } = placeRow(row, hasRowPanels ? y + 1 : y);
    if (!hasRowPanels) {
      panels.push(...placed);
      y = bottom;
      continue;
    }
    panels.push({
      id: (highestId += 1),
      type: 'row',
      title: text(row['title']),
      collapsed: isCollapsed,
      panels: isCollapsed ? placed : [],
      gridPos: { x: 0, y, w: COLUMN_COUNT, h: 1 },
      ...(row['repeat'] ? { repeat: row['repeat'] } : {}),
    });
    if (!isCollapsed) panels.push(...placed);
    y = isCollapsed ? y + 1 : bottom;
  }
  dashboard['panels'] = panels;
  delete dashboard['rows'];
  if (!isRecord(dashboard['templating'])) dashboard['templating'] = record(undefined);
}
