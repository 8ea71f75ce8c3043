// A dashboard on its way from where it was made to the page that shows it as a new one.
import { isRecord, type AnyRecord } from '@narthex/dashmodel/json';

const KEY = 'narthex.handover';

/** Fields of a dashboard that is not stored yet. */
export function handOver(dashboard: AnyRecord): void {
  window.sessionStorage.setItem(KEY, JSON.stringify(dashboard));
}

/** What was handed over, once. */
export function takeHandedOver(): AnyRecord {
  const stored = window.sessionStorage.getItem(KEY);
  if (stored === null) return {};
  window.sessionStorage.removeItem(KEY);
  const parsed: unknown = JSON.parse(stored);
  return isRecord(parsed) ? parsed : {};
}

const PANEL_KEY = 'narthex.handover.panel';

/** A panel on its way to a dashboard that is there. */
export const bringPanel = (panel: AnyRecord): void => window.sessionStorage.setItem(PANEL_KEY, JSON.stringify(panel));

/** The panel that was brought, once. */
export function takeBroughtPanel(): AnyRecord | undefined {
  const stored = window.sessionStorage.getItem(PANEL_KEY);
  if (stored === null) return undefined;
  window.sessionStorage.removeItem(PANEL_KEY);
  const parsed: unknown = JSON.parse(stored);
  return isRecord(parsed) ? parsed : undefined;
}
