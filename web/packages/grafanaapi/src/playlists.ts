// GET, POST /api/playlists, GET, PUT, DELETE /api/playlists/:uid
import { record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';

export interface PlaylistItem {
  type: 'dashboard_by_uid' | 'dashboard_by_tag';
  /** A dashboard's uid, or a tag. */
  value: string;
}

export interface Playlist {
  uid: string;
  name: string;
  /** How long each dashboard is shown, such as 5m. */
  interval: string;
  items: PlaylistItem[];
}

const pathOf = (uid: string): string => `/api/playlists/${encodeURIComponent(uid)}`;

function readPlaylist(one: AnyRecord): Playlist {
  return {
    uid: text(one['uid']),
    name: text(one['name']),
    interval: text(one['interval'], '5m'),
    // Items by a dashboard's number are of servers long gone.
    items: records(one['items']).flatMap((item): PlaylistItem[] => {
      const value = text(item['value']);
      if (item['type'] === 'dashboard_by_uid') return [{ type: 'dashboard_by_uid', value }];
      return item['type'] === 'dashboard_by_tag' ? [{ type: 'dashboard_by_tag', value }] : [];
    }),
  };
}

/** Without their items. */
export async function fetchPlaylists(): Promise<Playlist[]> {
  return records(await request('/api/playlists')).map(readPlaylist);
}

export async function fetchPlaylist(uid: string): Promise<Playlist> {
  return readPlaylist(record(await request(pathOf(uid))));
}

/** One with an empty uid is made. */
export async function savePlaylist({ uid, name, interval, items }: Playlist): Promise<void> {
  const body = { name, interval, items: items.map((item) => ({ ...item, title: item.value })) };
  await (uid === '' ? request('/api/playlists', { method: 'POST', body }) : request(pathOf(uid), { method: 'PUT', body }));
}

export async function deletePlaylist(uid: string): Promise<void> {
  await request(pathOf(uid), { method: 'DELETE' });
}
