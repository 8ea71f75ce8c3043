// A panel copied on one dashboard and put down on another, in this browser.
import { addPanel, findPanelJson, type AnyRecord } from '@narthex/dashmodel';
import { isRecord, number, record } from '@narthex/dashmodel/json';

const KEY = 'narthex.copied_panel';

/** False where there is no such panel, or no room to keep it. */
export function copyPanel(dashboard: AnyRecord, id: number, storage: Storage = localStorage): boolean {
  const panel = findPanelJson(dashboard, id);
  if (!panel) return false;
  try {
    storage.setItem(KEY, JSON.stringify(panel));
    return true;
  } catch {
    return false;
  }
}

export function copiedPanel(storage: Storage = localStorage): AnyRecord | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '');
    return isRecord(kept) && typeof kept['type'] === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** The dashboard with the copied panel at its end, as large as it was. */
export function pastePanel(dashboard: AnyRecord, copied: AnyRecord): AnyRecord {
  const { w, h } = record(copied['gridPos']);
  return addPanel(dashboard, copied, { w: number(w, 12), h: number(h, 8) }).dashboard;
}
