// GET /api/dashboards/uid/:uid
import { flag, record, text } from '@narthex/dashmodel/json';

import { base } from './base';
import { request } from './client';

export interface DashboardAnswer {
  /** The dashboard as stored, of any schema version. */
  dashboard: unknown;
  slug: string;
  url: string;
  folderTitle: string;
  folderUid: string;
  isProvisioned: boolean;
  /** The file a provisioned dashboard comes from. */
  provisionedFrom: string;
  canEdit: boolean;
  canSave: boolean;
  isStarred: boolean;
}

export async function fetchDashboard(uid: string, signal?: AbortSignal): Promise<DashboardAnswer> {
  const path = `/api/dashboards/uid/${encodeURIComponent(uid)}`;
  const answer = record(await request(path, signal ? { signal } : {}));
  const meta = record(answer['meta']);
  return {
    dashboard: answer['dashboard'],
    slug: text(meta['slug']),
    url: base.remove(text(meta['url'])),
    folderTitle: text(meta['folderTitle']),
    folderUid: text(meta['folderUid']),
    isProvisioned: flag(meta['provisioned']),
    provisionedFrom: text(meta['provisionedExternalId']),
    canEdit: flag(meta['canEdit']),
    canSave: flag(meta['canSave']),
    isStarred: flag(meta['isStarred']),
  };
}
