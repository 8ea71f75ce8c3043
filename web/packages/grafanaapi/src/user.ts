// Who looks at the pages, and what holds for them: in the answer of GET /api/frontend/settings.
import { flag, number, record, text } from '@narthex/dashmodel/json';

export interface User {
  id: number;
  login: string;
  name: string;
  email: string;
  /** Of the whole server. */
  isAdmin: boolean;
  /** False for a visitor without an account. */
  isSignedIn: boolean;
  orgId: number;
  orgName: string;
  /** In this organisation: Viewer, Editor, Admin, None. */
  orgRole: string;
  /** Preferences: the user's own, else the team's, else the organisation's; empty where nobody has set one. */
  theme: string;
  timezone: string;
  weekStart: string;
  homeDashboardUid: string;
}

export function readUser(value: unknown): User {
  const user = record(value);
  const login = text(user['login']);
  return {
    id: number(user['id'], 0),
    login,
    name: text(user['name']) || login,
    email: text(user['email']),
    isAdmin: flag(user['isGrafanaAdmin']),
    isSignedIn: flag(user['isSignedIn']),
    orgId: number(user['orgId'], 0),
    orgName: text(user['orgName']),
    orgRole: text(user['orgRole']),
    theme: text(user['theme']),
    timezone: text(user['timezone']),
    weekStart: text(user['weekStart']),
    homeDashboardUid: text(user['homeDashboardUID']),
  };
}
