// POST and DELETE /api/user/stars/dashboard/uid/:uid
import { request } from './client';

export async function setStar(uid: string, isStarred: boolean): Promise<void> {
  await request(`/api/user/stars/dashboard/uid/${encodeURIComponent(uid)}`, { method: isStarred ? 'POST' : 'DELETE' });
}
