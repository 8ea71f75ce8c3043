// The live channel of a dashboard: GET its stream of events, POST what is wanted on it. See docs/formats/live.md.
import { request } from './client';

const base = (uid: string): string => `/api/live/dashboards/${encodeURIComponent(uid)}`;

export const liveEventsPath = (uid: string): string => `${base(uid)}/events`;

/** The answer is unchecked. */
export async function subscribeLive(uid: string, body: unknown): Promise<unknown> {
  return request(`${base(uid)}/subscriptions`, { method: 'POST', body });
}
