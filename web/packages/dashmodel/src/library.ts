// Library panels: a dashboard holds a reference and a place, the rest is kept once for all dashboards. Pure.
import { number, record, records, text } from './json';
import { migrate } from './migrate';
import { allPanels } from './migrations/walk';
import type { AnyRecord } from './types';

export interface LibraryElement {
  uid: string;
  name: string;
  model: AnyRecord;
  /** That of the server when it was read: who saves over a later one is told. */
  version?: number;
}

const uidOf = (panel: AnyRecord): string => text(record(panel['libraryPanel'])['uid']);

/** The library panels that the dashboard shows, each once. */
export function libraryUids(dashboard: AnyRecord): string[] {
  return [...new Set(allPanels(dashboard).map(uidOf))].filter((uid) => uid !== '');
}

// What a dashboard says of the panel itself, whatever the library holds. Source: Grafana's library panels, which keep
// place and repetition with each dashboard.
const OWN = ['id', 'gridPos', 'repeat', 'repeatDirection', 'maxPerRow', 'libraryPanel'] as const;

/** The panel as the library has it, at its place on the dashboard. */
export function filled(panel: AnyRecord, { model }: LibraryElement): AnyRecord {
  // Of whatever version the dashboard was that it came from: kinds of panels of old are brought up to date.
  const [current] = records(migrate({ schemaVersion: number(model['schemaVersion'], 36), panels: [{ ...model, id: 1 }] })['panels']);
  const own = OWN.flatMap((key) => (panel[key] === undefined ? [] : [[key, panel[key]]]));
  return { ...current, ...Object.fromEntries(own) };
}

function mapped(panels: unknown, change: (panel: AnyRecord) => AnyRecord): AnyRecord[] {
  return records(panels).map((panel) => {
    const next = change(panel);
    return Array.isArray(next['panels']) && next['panels'].length > 0 ? { ...next, panels: mapped(next['panels'], change) } : next;
  });
}

/** With the library's panels in the place of references to them; what the library does not have stays a reference. */
export function withLibrary(dashboard: AnyRecord, library: ReadonlyMap<string, LibraryElement>): AnyRecord {
  if (library.size === 0) return dashboard;
  const fill = (panel: AnyRecord): AnyRecord => {
    const element = library.get(uidOf(panel));
    return element ? filled(panel, element) : panel;
  };
  return { ...dashboard, panels: mapped(dashboard['panels'], fill) };
}

/** A panel of the dashboard's own, as the library has it now. */
export function unlinked(panel: AnyRecord, element: LibraryElement): AnyRecord {
  const { libraryPanel: _reference, ...own } = filled(panel, element);
  return own;
}

const isOwn = (key: string): boolean => OWN.some((one) => one === key);
const entriesOf = (panel: AnyRecord, isWanted: (key: string) => boolean): AnyRecord => Object.fromEntries(Object.entries(panel).filter(([key, value]) => isWanted(key) && value !== undefined));

/**
 * A change of a library panel parted into what is the dashboard's and what is the library's. `model` is absent where
 * the library's part is as it was.
 */
export function partedLibrary(panel: AnyRecord, element: LibraryElement, next: AnyRecord): { panel: AnyRecord; model?: AnyRecord } {
  const ofLibrary = (whole: AnyRecord): AnyRecord => entriesOf(whole, (key) => !isOwn(key));
  const own = { ...entriesOf(panel, (key) => !isOwn(key)), ...entriesOf(next, isOwn) };
  const changed = ofLibrary(next);
  if (JSON.stringify(changed) === JSON.stringify(ofLibrary(filled(panel, element)))) return { panel: own };
  return { panel: own, model: { ...entriesOf(element.model, isOwn), ...changed } };
}

/** The library with other models in the place of those it has. */
export function withModels(library: ReadonlyMap<string, LibraryElement>, models: Readonly<Record<string, AnyRecord>>): ReadonlyMap<string, LibraryElement> {
  const all = Object.entries(models);
  if (all.length === 0) return library;
  return new Map([...library].map(([uid, element]) => [uid, { ...element, model: models[uid] ?? element.model }]));
}
