// GET /api/search
import { flag, records, text, texts } from '@narthex/dashmodel/json';

import { base } from './base';
import { request } from './client';

export interface SearchHit {
  uid: string;
  title: string;
  /** Within the app: without the base path. */
  url: string;
  type: string;
  tags: string[];
  folderUid: string;
  folderTitle: string;
  isStarred: boolean;
}

/** All dashboards and folders the person may see, by title. */
export async function searchDashboards(): Promise<SearchHit[]> {
  return records(await request('/api/search?limit=5000')).map((hit) => ({
    uid: text(hit['uid']),
    title: text(hit['title']),
    url: base.remove(text(hit['url'])),
    type: text(hit['type'], 'dash-db'),
    tags: texts(hit['tags']),
    folderUid: text(hit['folderUid']),
    folderTitle: text(hit['folderTitle']),
    isStarred: flag(hit['isStarred']),
  }));
}
