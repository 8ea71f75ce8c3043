// Whether a query is written as code or built from parts: kept with the query, as Grafana keeps it.
import type { AnyRecord } from '@narthex/dashmodel';
import type { DataSourceSettings } from '@narthex/grafanaapi';

export type EditorMode = 'builder' | 'code';

export const MODES: Array<{ value: EditorMode; label: string }> = [
  { value: 'builder', label: 'Builder' },
  { value: 'code', label: 'Code' },
];

const KEY = 'narthex.query.mode';

const known = (mode: unknown): EditorMode | undefined => (mode === 'builder' || mode === 'code' ? mode : undefined);

/** For a query that is begun: what the person chose last, else what the data source prefers, else the builder. */
export function standardMode(source: DataSourceSettings | undefined): EditorMode {
  let last: string | null = null;
  try {
    last = window.localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing starts as the data source prefers.
  }
  return known(last) ?? known(source?.jsonData['defaultEditor']) ?? 'builder';
}

/** A query that is there without a mode was written as text. */
export function modeOf(target: AnyRecord, source: DataSourceSettings | undefined): EditorMode {
  return known(target['editorMode']) ?? (target['expr'] ? 'code' : standardMode(source));
}

export function rememberMode(mode: EditorMode): void {
  try {
    window.localStorage.setItem(KEY, mode);
  } catch {
    // Chosen for this query all the same.
  }
}
