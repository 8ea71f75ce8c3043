// Copies of a panel or of a row for each value of a variable.
import type { Panel } from './types';

/** The values a variable has now, with All already spread out; undefined for no such variable. */
export type RepeatValues = (name: string) => ReadonlyArray<{ text: string; value: string }> | undefined;

const COLUMN_COUNT = 24;

function clone(panel: Panel, value: { text: string; value: string }, index: number): Panel {
  const bound = { ...panel.bound, [panel.repeat]: value };
  const key = index === 0 ? panel.key : `${panel.key}-clone-${index}`;
  return { ...panel, repeat: '', bound, key };
}

/** The copies of one panel, and by how many grid rows everything below moves down. */
function copies(panel: Panel, values: RepeatValues): { panels: Panel[]; grow: number } {
  const list = panel.repeat ? values(panel.repeat) : undefined;
  if (!list || list.length === 0) return { panels: [panel], grow: 0 };
  const { x, y, h } = panel.gridPos;
  if (panel.repeatDirection === 'v') {
    const panels = list.map((value, index) => {
      const copy = clone(panel, value, index);
      return { ...copy, gridPos: { ...panel.gridPos, y: y + index * h } };
    });
    return { panels, grow: (list.length - 1) * h };
  }
  const perRow = Math.min(list.length, COLUMN_COUNT, Math.max(1, Math.floor(panel.maxPerRow)));
  const w = Math.floor(COLUMN_COUNT / perRow);
  const panels = list.map((value, index) => {
    const column = index % perRow;
    const row = Math.floor(index / perRow);
    return { ...clone(panel, value, index), gridPos: { x: perRow === 1 ? x : column * w, y: y + row * h, w, h } };
  });
  return { panels, grow: (Math.ceil(list.length / perRow) - 1) * h };
}

function repeatPanels(panels: readonly Panel[], values: RepeatValues): Panel[] {
  const out: Panel[] = [];
  let down = 0;
  for (const panel of panels.toSorted((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)) {
    const { panels: made, grow } = copies(panel, values);
    out.push(...made.map((one) => ({ ...one, gridPos: { ...one.gridPos, y: one.gridPos.y + down } })));
    down += grow;
  }
  return out;
}

function bind(panel: Panel, row: Panel, suffix: string): Panel {
  return { ...panel, bound: { ...panel.bound, ...row.bound }, key: panel.key + suffix };
}

/** One row with its panels, once for each value; `top` is where the first copy starts. */
function repeatRow(row: Panel, children: Panel[], values: RepeatValues, top: number): { panels: Panel[]; bottom: number } {
  const list = (row.repeat && values(row.repeat)) || [];
  const rows = list.length === 0 ? [row] : list.map((value, index) => clone(row, value, index));
  const out: Panel[] = [];
  let y = top;
  rows.forEach((copy, index) => {
    const shift = y - row.gridPos.y;
    const suffix = index === 0 ? '' : `-row-${index}`;
    const own = repeatPanels(row.collapsed ? row.panels : children, values).map((panel) => {
      const bound = bind(panel, copy, suffix);
      return { ...bound, gridPos: { ...bound.gridPos, y: bound.gridPos.y + shift } };
    });
    out.push({ ...copy, gridPos: { ...row.gridPos, y }, panels: row.collapsed ? own : [] });
    if (!row.collapsed) out.push(...own);
    const bottoms = row.collapsed ? [] : own.map(({ gridPos }) => gridPos.y + gridPos.h);
    y = Math.max(y + 1, ...bottoms);
  });
  return { panels: out, bottom: y };
}

export function expandRepeats(panels: readonly Panel[], values: RepeatValues): Panel[] {
  const sorted = panels.toSorted((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  const firstRow = sorted.findIndex(({ type }) => type === 'row');
  const loose = firstRow < 0 ? sorted : sorted.slice(0, firstRow);
  const out = repeatPanels(loose, values);
  let y = Math.max(0, ...out.map(({ gridPos }) => gridPos.y + gridPos.h));
  let index = firstRow < 0 ? sorted.length : firstRow;
  while (index < sorted.length) {
    const row = sorted[index];
    if (!row) break;
    const next = sorted.findIndex(({ type }, at) => at > index && type === 'row');
    const end = next < 0 ? sorted.length : next;
    const made = repeatRow(row, sorted.slice(index + 1, end), values, y);
    out.push(...made.panels);
    y = made.bottom;
    index = end;
  }
  return out;
}
