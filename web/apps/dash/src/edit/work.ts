// What is under edit: the dashboard, and library panels that were opened from it. Pure.
import type { AnyRecord, LibraryElement } from '@narthex/dashmodel';

import { changed, stored, type History } from './history';

export interface Work {
  json: AnyRecord;
  /** Library panels that differ from what the library has, by their uid. */
  models: Readonly<Record<string, AnyRecord>>;
}

export const workOn = (json: AnyRecord): Work => ({ json, models: {} });

/** One step, whatever it changes. */
export function changedWork(history: History<Work>, json: AnyRecord, models: Work['models'] = {}): History<Work> {
  const { now } = history;
  const hasModels = Object.keys(models).length > 0;
  return json === now.json && !hasModels ? history : changed(history, { json, models: hasModels ? { ...now.models, ...models } : now.models });
}

/** After the dashboard was saved; what is still to be saved of the library stays. */
export function savedDashboard(history: History<Work>, json: AnyRecord): History<Work> {
  const { models } = history.now;
  return { ...stored(history, { json, models }), saved: workOn(json) };
}

/** After the library took a panel, or gave one: it has no change to it any more. */
export function savedElement(history: History<Work>, { uid }: LibraryElement): History<Work> {
  const { [uid]: _taken, ...models } = history.now.models;
  return { ...history, now: { ...history.now, models } };
}
