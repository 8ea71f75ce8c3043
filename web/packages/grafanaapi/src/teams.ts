// /api/teams
import { number, record, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface Team {
  id: number;
  name: string;
  email: string;
  memberCount: number;
}

export interface TeamMember {
  id: number;
  login: string;
}

export async function fetchTeams(): Promise<Team[]> {
  const answer = record(await request('/api/teams/search?perpage=1000'));
  return records(answer['teams']).map((one) => ({
    id: number(one['id'], 0),
    name: text(one['name']),
    email: text(one['email']),
    memberCount: number(one['memberCount'], 0),
  }));
}

export async function createTeam(name: string, email: string): Promise<void> {
  await request('/api/teams', { method: 'POST', body: { name, email } });
}

export async function deleteTeam(id: number): Promise<void> {
  await request(`/api/teams/${id}`, { method: 'DELETE' });
}

export async function fetchTeamMembers(id: number): Promise<TeamMember[]> {
  return records(await request(`/api/teams/${id}/members`)).map((one) => ({ id: number(one['userId'], 0), login: text(one['login']) }));
}

export async function addTeamMember(id: number, userId: number): Promise<void> {
  await request(`/api/teams/${id}/members`, { method: 'POST', body: { userId } });
}

export async function removeTeamMember(id: number, userId: number): Promise<void> {
  await request(`/api/teams/${id}/members/${userId}`, { method: 'DELETE' });
}
