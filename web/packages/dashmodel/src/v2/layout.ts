// Layouts of schema v2 on the one grid that there is here: rows and tabs become rows, grids that place by themselves
// are placed.
import { flag, isRecord, number, record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { panelOf } from './panels';

/** Panels under one heading, placed from 0 on. */
interface Section {
  /** Undefined for panels that stand under none of their own. */
  heading: { title: string; isCollapsed: boolean; repeat: string } | undefined;
  panels: AnyRecord[];
  rowCount: number;
}

export interface Laid {
  panels: AnyRecord[];
  /** Variables that belonged to a row or a tab. */
  variables: AnyRecord[];
  /** What a person should know of it. */
  notes: Set<string>;
}

interface Context extends Pick<Laid, 'variables' | 'notes'> {
  elements: AnyRecord;
}

const COLUMN_COUNT = 24;
const ROW_PITCH_PX = 38;
// A grid that places by itself is as wide as its page, which a file does not know: a usual one.
const PAGE_WIDTH_PX = 1600;
const COLUMN_WIDTH_PX: Readonly<Record<string, number>> = { narrow: 192, standard: 448, wide: 768 };
const ROW_HEIGHT_PX: Readonly<Record<string, number>> = { short: 168, standard: 320, tall: 512 };
const COLUMNS_MAX_DEFAULT = 3;

function repeatOf(spec: AnyRecord): AnyRecord {
  const repeat = record(spec['repeat']);
  const variable = text(repeat['value']);
  if (variable === '') return {};
  const most = number(repeat['maxPerRow']);
  return { repeat: variable, repeatDirection: repeat['direction'] === 'v' ? 'v' : 'h', ...(most === undefined ? {} : { maxPerRow: most }) };
}

function elementOf(spec: AnyRecord, { elements, notes }: Context): AnyRecord[] {
  if (isRecord(spec['conditionalRendering'])) notes.add('Conditions for showing are not kept: what has one is always shown.');
  const name = text(record(spec['element'])['name']);
  const panel = panelOf(record(elements[name]));
  if (!panel) notes.add(`The element "${name}" is no panel, and is left out.`);
  return panel ? [{ ...panel, ...repeatOf(spec) }] : [];
}

const heightOf = (panels: readonly AnyRecord[]): number =>
  Math.max(0, ...panels.map((panel) => number(record(panel['gridPos'])['y'], 0) + number(record(panel['gridPos'])['h'], 0)));

const unheaded = (panels: AnyRecord[]): Section[] => [{ heading: undefined, panels, rowCount: heightOf(panels) }];

function grid(spec: AnyRecord, context: Context): Section[] {
  const panels = records(spec['items']).flatMap((item) => {
    const place = record(item['spec']);
    const gridPos = { x: number(place['x'], 0), y: number(place['y'], 0), w: number(place['width'], 12), h: number(place['height'], 8) };
    return elementOf(place, context).map((panel) => ({ ...panel, gridPos }));
  });
  return unheaded(panels);
}

function autoGrid(spec: AnyRecord, context: Context): Section[] {
  const widthPx = COLUMN_WIDTH_PX[text(spec['columnWidthMode'])] ?? number(spec['columnWidth'], 448);
  const heightPx = ROW_HEIGHT_PX[text(spec['rowHeightMode'])] ?? number(spec['rowHeight'], 320);
  const most = Math.max(1, number(spec['maxColumnCount'], COLUMNS_MAX_DEFAULT));
  const items = records(spec['items']).flatMap((item) => elementOf(record(item['spec']), context));
  const columns = Math.min(COLUMN_COUNT, most, Math.max(1, Math.floor(PAGE_WIDTH_PX / Math.max(1, widthPx))), Math.max(1, items.length));
  const w = Math.floor(COLUMN_COUNT / columns);
  const h = Math.max(3, Math.round(heightPx / ROW_PITCH_PX));
  return unheaded(items.map((panel, index) => ({ ...panel, ...(panel['repeat'] ? { maxPerRow: columns } : {}), gridPos: { x: (index % columns) * w, y: Math.floor(index / columns) * h, w, h } })));
}

/** A part with a heading; what is headed within it follows under both names. */
function headed(part: AnyRecord, isCollapsed: boolean, context: Context): Section[] {
  const spec = record(part['spec']);
  if (isRecord(spec['conditionalRendering'])) context.notes.add('Conditions for showing are not kept: what has one is always shown.');
  context.variables.push(...records(spec['variables']));
  const title = text(spec['title']);
  const heading = { title, isCollapsed, repeat: text(record(spec['repeat'])['value']) };
  const inner = sectionsOf(record(spec['layout']), context);
  if (inner.some((one) => one.heading)) context.notes.add('Rows and tabs within others stand one after the other.');
  const [first, ...rest] = inner;
  const own = first && !first.heading ? { ...first, heading } : { heading, panels: [], rowCount: 0 };
  const others = first && !first.heading ? rest : inner;
  return [own, ...others.map((one) => ({ ...one, heading: one.heading ? { ...one.heading, title: `${title} / ${one.heading.title}` } : undefined }))];
}

function sectionsOf(layout: AnyRecord, context: Context): Section[] {
  const spec = record(layout['spec']);
  switch (layout['kind']) {
    case 'GridLayout':
      return grid(spec, context);
    case 'AutoGridLayout':
      return autoGrid(spec, context);
    case 'RowsLayout':
      return records(spec['rows']).flatMap((row) => {
        const { hideHeader, collapse } = record(row['spec']);
        const sections = headed(row, flag(collapse), context);
        // The panels of a row without a heading belong to none, which only those above all others can.
        if (!flag(hideHeader)) return sections;
        return sections.map((one, index) => (index === 0 ? { ...one, heading: undefined } : one));
      });
    case 'TabsLayout':
      context.notes.add('Tabs are shown as rows, the first of them open.');
      return records(spec['tabs']).flatMap((tab, index) => headed(tab, index > 0, context));
    default:
      context.notes.add(`A layout of the kind "${text(layout['kind'])}" is not known, and what it places is left out.`);
      return [];
  }
}

function moved(panel: AnyRecord, by: number): AnyRecord {
  const gridPos = record(panel['gridPos']);
  return { ...panel, gridPos: { ...gridPos, y: number(gridPos['y'], 0) + by } };
}

export function layOut(layout: AnyRecord, elements: AnyRecord): Laid {
  const context: Context = { elements, variables: [], notes: new Set() };
  const panels: AnyRecord[] = [];
  let y = 0;
  for (const { heading, panels: own, rowCount } of sectionsOf(layout, context)) {
    const top = y + (heading ? 1 : 0);
    const placed = own.map((panel) => moved(panel, top));
    if (heading) {
      const { title, isCollapsed, repeat } = heading;
      panels.push({ type: 'row', title, collapsed: isCollapsed, panels: isCollapsed ? placed : [], gridPos: { x: 0, y, w: COLUMN_COUNT, h: 1 }, ...(repeat ? { repeat } : {}) });
    }
    if (!heading?.isCollapsed) panels.push(...placed);
    y = top + (heading?.isCollapsed ? 0 : rowCount);
  }
  return { panels, variables: context.variables, notes: context.notes };
}
