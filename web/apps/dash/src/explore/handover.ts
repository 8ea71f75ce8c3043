// A panel on its way from Explore to a new dashboard.
import { isRecord, type AnyRecord } from '@narthex/dashmodel/json';

const KEY = 'narthex.explore.panel';

export function handOver(panel: AnyRecord): void {
  window.sessionStorage.setItem(KEY, JSON.stringify(panel));
}

/** The panel that was handed over, once. */
export function takePanel(): AnyRecord | undefined {
  const stored = window.sessionStorage.getItem(KEY);
  if (stored === null) return undefined;
  window.sessionStorage.removeItem(KEY);
  const parsed: unknown = JSON.parse(stored);
  return isRecord(parsed) ? parsed : undefined;
}
