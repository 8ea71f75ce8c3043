// /api/users, /api/admin/users: everyone on the server. /api/org/users: members of this organisation;
// /api/orgs/:id/users: of any.
import { flag, number, record, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export type Role = 'None' | 'Viewer' | 'Editor' | 'Admin';
export const ROLES: readonly Role[] = ['None', 'Viewer', 'Editor', 'Admin'];

export interface Person {
  id: number;
  login: string;
  name: string;
  email: string;
  isAdmin: boolean;
  isDisabled: boolean;
  /** How long ago, in words. */
  seen: string;
}

export interface Member {
  id: number;
  login: string;
  name: string;
  role: string;
  seen: string;
}

export interface NewPerson {
  login: string;
  name: string;
  email: string;
  password: string;
}

export async function fetchPeople(): Promise<Person[]> {
  const answer = record(await request('/api/users/search?perpage=1000'));
  return records(answer['users']).map((one) => ({
    id: number(one['id'], 0),
    login: text(one['login']),
    name: text(one['name']),
    email: text(one['email']),
    isAdmin: flag(one['isAdmin']),
    isDisabled: flag(one['isDisabled']),
    seen: text(one['lastSeenAtAge']),
  }));
}

export async function createPerson(person: NewPerson): Promise<void> {
  await request('/api/admin/users', { method: 'POST', body: person });
}

export async function deletePerson(id: number): Promise<void> {
  await request(`/api/admin/users/${id}`, { method: 'DELETE' });
}

export async function setDisabled(id: number, isDisabled: boolean): Promise<void> {
  await request(`/api/admin/users/${id}/${isDisabled ? 'disable' : 'enable'}`, { method: 'POST' });
}

export async function setServerAdmin(id: number, isGrafanaAdmin: boolean): Promise<void> {
  await request(`/api/admin/users/${id}/permissions`, { method: 'PUT', body: { isGrafanaAdmin } });
}

/** Ends the sessions of that person as well. */
export async function setPassword(id: number, password: string): Promise<void> {
  await request(`/api/admin/users/${id}/password`, { method: 'PUT', body: { password } });
}

/** Out of every browser. */
export async function signOutEverywhere(id: number): Promise<void> {
  await request(`/api/admin/users/${id}/logout`, { method: 'POST' });
}

/** `orgId` undefined: the organisation that the person works in. */
const membersPath = (orgId: number | undefined): string => (orgId === undefined ? '/api/org/users' : `/api/orgs/${orgId}/users`);

export async function fetchMembers(orgId?: number): Promise<Member[]> {
  return records(await request(membersPath(orgId))).map((one) => ({
    id: number(one['userId'], 0),
    login: text(one['login']),
    name: text(one['name']),
    role: text(one['role']),
    seen: text(one['lastSeenAtAge']),
  }));
}

export async function addMember(loginOrEmail: string, role: string, orgId?: number): Promise<void> {
  await request(membersPath(orgId), { method: 'POST', body: { loginOrEmail, role } });
}

export async function setMemberRole(id: number, role: string, orgId?: number): Promise<void> {
  await request(`${membersPath(orgId)}/${id}`, { method: 'PATCH', body: { role } });
}

export async function removeMember(id: number, orgId?: number): Promise<void> {
  await request(`${membersPath(orgId)}/${id}`, { method: 'DELETE' });
}
