// The live channel of a dashboard: GET its stream of events, POST what is wanted on it. See docs/formats/live.md.
import { base } from './base';
import { request } from './client';

const pathOf = (uid: string): string => `/api/live/dashboards/${encodeURIComponent(uid)}`;

/** As the browser needs it. */
export const liveEventsPath = (uid: string): string => base.add(`${pathOf(uid)}/events`);

/** The answer is unchecked. */
export async function subscribeLive(uid: string, body: unknown): Promise<unknown> {
  return request(`${pathOf(uid)}/subscriptions`, { method: 'POST', body });
}
