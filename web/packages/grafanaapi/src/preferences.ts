// /api/user/preferences, /api/org/preferences, /api/teams/:id/preferences
import { record, text, type AnyRecord } from '@narthex/dashmodel/json';

import { request } from './client';

/** Empty: as the next wider circle has it - a user's team, the organisation, the server. */
export interface Preferences {
  theme: string;
  timezone: string;
  weekStart: string;
  homeDashboardUid: string;
}

export type Whose = 'user' | 'org' | { teamId: number };

const pathOf = (whose: Whose): string => (typeof whose === 'string' ? `/api/${whose}/preferences` : `/api/teams/${whose.teamId}/preferences`);

const fetchStored = async (whose: Whose): Promise<AnyRecord> => record(await request(pathOf(whose)));

export async function fetchPreferences(whose: Whose): Promise<Preferences> {
  const answer = await fetchStored(whose);
  return {
    theme: text(answer['theme']),
    timezone: text(answer['timezone']),
    weekStart: text(answer['weekStart']),
    homeDashboardUid: text(answer['homeDashboardUID']),
  };
}

/** What is not named stays as it is. */
export async function savePreferences(whose: Whose, change: Partial<Preferences>): Promise<void> {
  const { homeDashboardUid, ...rest } = change;
  const body = { ...rest, ...(homeDashboardUid === undefined ? {} : { homeDashboardUID: homeDashboardUid }) };
  // Teams know no PATCH.
  if (typeof whose === 'string') await request(pathOf(whose), { method: 'PATCH', body });
  else await request(pathOf(whose), { method: 'PUT', body: { ...(await fetchStored(whose)), ...body } });
}
