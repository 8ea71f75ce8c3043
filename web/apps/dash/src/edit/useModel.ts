// The dashboard that follows from its JSON. What an edit has not touched keeps its identity, so that changing one
// panel asks and draws nothing of the others anew.
import { loadDashboard, withLibrary, type AnyRecord, type Dashboard, type LibraryElement, type Panel } from '@narthex/dashmodel';
import { useMemo, useRef } from 'react';

const NO_LIBRARY: ReadonlyMap<string, LibraryElement> = new Map();

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function keep<T>(before: T | undefined, next: T): T {
  return before !== undefined && sameJson(before, next) ? before : next;
}

function keepPanels(before: readonly Panel[], next: Panel[]): Panel[] {
  const byKey = new Map(before.map((panel) => [panel.key, panel]));
  return next.map((panel) => keep(byKey.get(panel.key), panel));
}

export function useModel(json: AnyRecord, library: ReadonlyMap<string, LibraryElement> = NO_LIBRARY): Dashboard {
  const last = useRef<Dashboard>(undefined);
  return useMemo(() => {
    const next = loadDashboard(withLibrary(json, library));
    const before = last.current;
    const kept = before
      ? { ...next, panels: keepPanels(before.panels, next.panels), variables: keep(before.variables, next.variables), annotations: keep(before.annotations, next.annotations) }
      : next;
    last.current = kept;
    return kept;
  }, [json, library]);
}
