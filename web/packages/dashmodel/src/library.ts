// Library panels: a dashboard holds a reference and a place, the rest is kept once for all dashboards. Pure.
import { number, record, records, text } from './json';
import { migrate } from './migrate';
import { allPanels } from './migrations/walk';
import type { AnyRecord } from './types';

export interface LibraryElement {
  uid: string;
  name: string;
  model: AnyRecord;
}

const uidOf = (panel: AnyRecord): string => text(record(panel['libraryPanel'])['uid']);

/** The library panels that the dashboard shows, each once. */
export function libraryUids(dashboard: AnyRecord): string[] {
  return [...new Set(allPanels(dashboard).map(uidOf))].filter((uid) => uid !== '');
}

// What a dashboard says of the panel itself, whatever the library holds. Source: Grafana's library panels, which keep
// place and repetition with each dashboard.
const OWN = ['id', 'gridPos', 'repeat', 'repeatDirection', 'maxPerRow', 'libraryPanel'] as const;

function filled(panel: AnyRecord, { model }: LibraryElement): AnyRecord {
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
