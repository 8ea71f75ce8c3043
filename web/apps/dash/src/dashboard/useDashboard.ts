import { fetchDashboard, fetchLibraryElements, fetchSnapshot, type DashboardAnswer } from '@narthex/grafanaapi';
import { classic, libraryUids, loadDashboard, migrate, type AnyRecord, type LibraryElement } from '@narthex/dashmodel';
import { record } from '@narthex/dashmodel/json';
import { useCallback, useEffect, useState } from 'react';

import { takeHandedOver } from '../explore/handover';

export interface Loaded {
  /** The dashboard's JSON, migrated: what an edit changes and what is saved. */
  json: AnyRecord;
  meta: Omit<DashboardAnswer, 'dashboard'>;
  /** The library panels that it shows, by their uid. */
  library: ReadonlyMap<string, LibraryElement>;
  /** Counts the loads: what was shown before gives way to what is stored. */
  revision: number;
}

export interface DashboardState {
  loaded: Loaded | undefined;
  failure: string;
  retry: () => void;
}

const NO_LIBRARY: Loaded['library'] = new Map();

const NEW_META: Loaded['meta'] = {
  slug: '',
  url: '',
  folderTitle: '',
  folderUid: '',
  isProvisioned: false,
  provisionedFrom: '',
  canEdit: true,
  canSave: true,
  isStarred: false,
};

function newDashboard(): Loaded {
  const folderUid = new URLSearchParams(window.location.search).get('folderUid') ?? '';
  const json = migrate({ title: 'New dashboard', schemaVersion: 42, time: { from: 'now-1h', to: 'now' }, panels: [], ...takeHandedOver() });
  return { json, meta: { ...NEW_META, folderUid }, library: NO_LIBRARY, revision: 0 };
}

const SNAPSHOT_META: Loaded['meta'] = { ...NEW_META, canEdit: false, canSave: false };

async function readSnapshot(key: string, signal: AbortSignal): Promise<DashboardAnswer> {
  return { ...SNAPSHOT_META, dashboard: (await fetchSnapshot(key, signal)).dashboard };
}

/** A panel that the library does not give is told of in its place; the others are shown. */
async function readLibrary(json: AnyRecord, signal: AbortSignal): Promise<Loaded['library']> {
  const uids = libraryUids(json);
  if (uids.length === 0) return NO_LIBRARY;
  return fetchLibraryElements(uids, signal).catch(() => NO_LIBRARY);
}

/** Of a snapshot where a key is given. An empty uid without one is a dashboard that is not stored yet. */
export function useDashboard(uid: string, snapshotKey = ''): DashboardState {
  const [loaded, setLoaded] = useState<Loaded | undefined>(() => (uid === '' && snapshotKey === '' ? newDashboard() : undefined));
  const [failure, setFailure] = useState('');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (uid === '' && snapshotKey === '') return undefined;
    const abort = new AbortController();
    setFailure('');
    const reading = snapshotKey === '' ? fetchDashboard(uid, abort.signal) : readSnapshot(snapshotKey, abort.signal);
    reading
      .then(async ({ dashboard, ...meta }) => {
        const source = await classic(dashboard);
        // Refuses with a message what is no dashboard of the supported form.
        loadDashboard(source);
        const json = migrate(record(source));
        const library = await readLibrary(json, abort.signal);
        if (!abort.signal.aborted) setLoaded({ json, meta, library, revision: attempt });
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setFailure(error instanceof Error ? error.message : String(error));
      });
    return () => abort.abort();
  }, [uid, snapshotKey, attempt]);
  return { loaded, failure, retry: useCallback(() => setAttempt((before) => before + 1), []) };
}
