// Dashboards of the stand-in: read from folders, saved in memory, with their versions.
import fs from 'node:fs';
import path from 'node:path';

import { isRecord, number, record, text, type AnyRecord } from '../../dashmodel/src/json';

const SLUG = /[^a-z0-9]+/g;

export interface Version {
  version: number;
  message: string;
  created: string;
  data: AnyRecord;
}

export interface Stored {
  dashboard: AnyRecord;
  isProvisioned: boolean;
  folderUid: string;
  versions: Version[];
}

export const slugOf = (dashboard: AnyRecord): string => text(dashboard['title'], 'untitled').toLowerCase().replace(SLUG, '-');
export const urlOf = (dashboard: AnyRecord): string => `/d/${text(dashboard['uid'])}/${slugOf(dashboard)}`;

/** A file of the API's export, or the dashboard itself. */
function dashboardIn(file: string): AnyRecord {
  const json = record(JSON.parse(fs.readFileSync(file, 'utf8')));
  return isRecord(json['dashboard']) ? json['dashboard'] : json;
}

const uidFor = (file: string, dashboard: AnyRecord): string => text(dashboard['uid']) || path.basename(file, '.json').slice(0, 40);

export class DashboardStore {
  private readonly byUid = new Map<string, Stored>();
  /** The files under their own names: several of a folder may carry the same uid. */
  private readonly byFile = new Map<string, Stored>();
  private next = 1;

  constructor(private readonly folders: readonly string[]) {}

  /** Files are read anew each time, so that one can be edited while the page is open. */
  load(): void {
    for (const folder of this.folders) {
      if (!fs.existsSync(folder)) continue;
      for (const name of fs.readdirSync(folder)) {
        if (!name.endsWith('.json') || name === 'INDEX.json') continue;
        this.loadFile(path.join(folder, name));
      }
    }
  }

  private loadFile(file: string): void {
    const dashboard = dashboardIn(file);
    const uid = uidFor(file, dashboard);
    const stored = { dashboard: { ...dashboard, uid }, isProvisioned: true, folderUid: '', versions: [] };
    this.byFile.set(path.basename(file, '.json'), stored);
    // What was saved here stands before the file.
    if (this.byUid.get(uid)?.isProvisioned !== false) this.byUid.set(uid, stored);
  }

  all(): Stored[] {
    this.load();
    return [...this.byUid.values()];
  }

  find(uid: string): Stored | undefined {
    const known = this.byUid.get(uid);
    if (known && !known.isProvisioned) return known;
    this.load();
    return this.byUid.get(uid) ?? this.byFile.get(uid);
  }

  /** The new version, or 0 when another one was saved in between. */
  save(body: AnyRecord, nowMs: number): Stored | undefined {
    const given = record(body['dashboard']);
    const uid = text(given['uid']) || `made-${this.next++}`;
    const before = this.byUid.get(uid);
    const current = number(before?.dashboard['version'], 0);
    const isStale = before !== undefined && body['overwrite'] !== true && number(given['version'], 0) !== current;
    if (isStale) return undefined;
    const dashboard = { ...given, uid, version: current + 1 };
    const version = { version: current + 1, message: text(body['message']), created: new Date(nowMs).toISOString(), data: dashboard };
    const stored = { dashboard, isProvisioned: false, folderUid: text(body['folderUid']), versions: [version, ...(before?.versions ?? [])] };
    this.byUid.set(uid, stored);
    return stored;
  }

  restore(uid: string, version: number, nowMs: number): Stored | undefined {
    const stored = this.byUid.get(uid);
    const old = stored?.versions.find((one) => one.version === version);
    if (!stored || !old) return undefined;
    return this.save({ dashboard: old.data, overwrite: true, message: `Restored from version ${version}`, folderUid: stored.folderUid }, nowMs);
  }

  remove(uid: string): boolean {
    return this.byUid.delete(uid);
  }
}
