// PUT /api/user, /api/user/password, /api/user/orgs, /api/user/auth-tokens; POST /api/user/using/:org
import { flag, number, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface Membership {
  orgId: number;
  name: string;
  role: string;
}

export interface SignIn {
  id: number;
  client: string;
  address: string;
  seen: string;
  isThis: boolean;
}

export async function changeUser(change: { login: string; name: string; email: string }): Promise<void> {
  await request('/api/user', { method: 'PUT', body: change });
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  // A wrong old password answers 401 without the session having ended.
  await request('/api/user/password', { method: 'PUT', body: { oldPassword, newPassword, confirmNew: newPassword }, isSignIn: true });
}

export async function fetchMemberships(): Promise<Membership[]> {
  return records(await request('/api/user/orgs')).map((one) => ({ orgId: number(one['orgId'], 0), name: text(one['name']), role: text(one['role']) }));
}

/** Needs the page loaded anew: everything on it belongs to an organisation. */
export async function chooseOrganisation(orgId: number): Promise<void> {
  await request(`/api/user/using/${orgId}`, { method: 'POST' });
}

export async function fetchSignIns(): Promise<SignIn[]> {
  return records(await request('/api/user/auth-tokens')).map((one) => ({
    id: number(one['id'], 0),
    client: text(one['userAgent']),
    address: text(one['clientIp']),
    seen: text(one['seenAt']),
    isThis: flag(one['isActive']),
  }));
}

export async function endSignIn(id: number): Promise<void> {
  await request('/api/user/revoke-auth-token', { method: 'POST', body: { authTokenId: id } });
}
