// GET, POST, PATCH and DELETE /api/dashboards/uid/:uid/public-dashboards, and what visitors without an account may ask:
// /api/public/dashboards/:accessToken
import { flag, number, record, records, text, texts } from '@narthex/dashmodel/json';

import { ApiError, request } from './client';
import { readResults, type DsQueryRequest, type DsResult } from './ds_query';

/** How a dashboard is shown to everybody who has its address. */
export interface Publication {
  uid: string;
  accessToken: string;
  isEnabled: boolean;
  mayChooseTime: boolean;
  showsAnnotations: boolean;
}

export type PublicationSwitches = Pick<Publication, 'isEnabled' | 'mayChooseTime' | 'showsAnnotations'>;

const NOT_FOUND_STATUS = 404;

const listOf = (dashboardUid: string): string => `/api/dashboards/uid/${encodeURIComponent(dashboardUid)}/public-dashboards`;
const oneOf = (dashboardUid: string, uid: string): string => `${listOf(dashboardUid)}/${encodeURIComponent(uid)}`;

function readPublication(value: unknown): Publication {
  const one = record(value);
  return {
    uid: text(one['uid']),
    accessToken: text(one['accessToken']),
    isEnabled: flag(one['isEnabled']),
    mayChooseTime: flag(one['timeSelectionEnabled']),
    showsAnnotations: flag(one['annotationsEnabled']),
  };
}

// What is undefined is not sent, and stays as it is.
const bodyOf = ({ isEnabled, mayChooseTime, showsAnnotations }: Partial<PublicationSwitches>) => ({
  isEnabled,
  timeSelectionEnabled: mayChooseTime,
  annotationsEnabled: showsAnnotations,
  share: 'public',
});

/** Undefined for a dashboard that is not public. */
export async function fetchPublication(dashboardUid: string): Promise<Publication | undefined> {
  try {
    return readPublication(await request(listOf(dashboardUid)));
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND_STATUS) return undefined;
    throw error;
  }
}

export async function createPublication(dashboardUid: string, switches: PublicationSwitches): Promise<void> {
  await request(listOf(dashboardUid), { method: 'POST', body: bodyOf(switches) });
}

export async function changePublication(dashboardUid: string, uid: string, switches: Partial<PublicationSwitches>): Promise<void> {
  await request(oneOf(dashboardUid, uid), { method: 'PATCH', body: bodyOf(switches) });
}

export async function deletePublication(dashboardUid: string, uid: string): Promise<void> {
  await request(oneOf(dashboardUid, uid), { method: 'DELETE' });
}

const publicPath = (token: string): string => `/api/public/dashboards/${encodeURIComponent(token)}`;

export interface PublicDashboard {
  /** Without its queries. */
  dashboard: unknown;
  mayChooseTime: boolean;
  showsAnnotations: boolean;
}

export async function fetchPublicDashboard(token: string, signal: AbortSignal): Promise<PublicDashboard> {
  const answer = record(await request(publicPath(token), { signal, isVisit: true }));
  const meta = record(answer['meta']);
  return { dashboard: answer['dashboard'], mayChooseTime: flag(meta['timeSelectionEnabled']), showsAnnotations: flag(meta['annotationsEnabled']) };
}

/** What the panel asks, run by the server; the queries of `query` say no more than how fine the answer shall be. */
export async function queryPublicPanel(token: string, query: DsQueryRequest, signal: AbortSignal): Promise<DsResult[]> {
  const { intervalMs, maxDataPoints } = query.queries[0] ?? {};
  return readResults(() =>
    request(`${publicPath(token)}/panels/${query.panelId}/query`, {
      method: 'POST',
      signal,
      isVisit: true,
      isLarge: true,
      body: { intervalMs, maxDataPoints, timeRange: { from: String(query.fromMs), to: String(query.toMs) } },
    }),
  );
}

export interface PublicNote {
  timeMs: number;
  /** The start, where it has no length. */
  timeEndMs: number;
  text: string;
  tags: string[];
  color: string;
  /** 0 for all panels. */
  panelId: number;
}

export async function fetchPublicNotes(token: string, { fromMs, toMs }: { fromMs: number; toMs: number }, signal: AbortSignal): Promise<PublicNote[]> {
  const answer = await request(`${publicPath(token)}/annotations?from=${fromMs}&to=${toMs}`, { signal, isVisit: true });
  return records(answer).map((one) => ({
    timeMs: number(one['time'], 0),
    timeEndMs: number(one['timeEnd']) || number(one['time'], 0),
    text: text(one['text']),
    tags: texts(one['tags']),
    color: text(one['color']),
    panelId: number(one['panelId'], 0),
  }));
}
