// /api/serviceaccounts: accounts of programs, and their tokens.
import { flag, number, record, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface ServiceAccount {
  id: number;
  name: string;
  role: string;
  isDisabled: boolean;
  tokenCount: number;
}

export interface Token {
  id: number;
  name: string;
  created: string;
  /** Empty for never. */
  expires: string;
  hasExpired: boolean;
}

const pathOf = (id: number): string => `/api/serviceaccounts/${id}`;

export async function fetchServiceAccounts(): Promise<ServiceAccount[]> {
  const answer = record(await request('/api/serviceaccounts/search?perpage=1000'));
  return records(answer['serviceAccounts']).map((one) => ({
    id: number(one['id'], 0),
    name: text(one['name']),
    role: text(one['role']),
    isDisabled: flag(one['isDisabled']),
    tokenCount: number(one['tokens'], 0),
  }));
}

export async function createServiceAccount(name: string, role: string): Promise<void> {
  await request('/api/serviceaccounts', { method: 'POST', body: { name, role } });
}

export async function changeServiceAccount(id: number, change: { role?: string; isDisabled?: boolean }): Promise<void> {
  await request(pathOf(id), { method: 'PATCH', body: change });
}

export async function deleteServiceAccount(id: number): Promise<void> {
  await request(pathOf(id), { method: 'DELETE' });
}

export async function fetchTokens(id: number): Promise<Token[]> {
  return records(await request(`${pathOf(id)}/tokens`)).map((one) => ({
    id: number(one['id'], 0),
    name: text(one['name']),
    created: text(one['created']),
    expires: text(one['expiration']),
    hasExpired: flag(one['hasExpired']),
  }));
}

/** The token itself: it cannot be read again. */
export async function createToken(id: number, name: string, lifetimeS: number): Promise<string> {
  const body = { name, ...(lifetimeS > 0 ? { secondsToLive: lifetimeS } : {}) };
  return text(record(await request(`${pathOf(id)}/tokens`, { method: 'POST', body }))['key']);
}

export async function deleteToken(id: number, token: number): Promise<void> {
  await request(`${pathOf(id)}/tokens/${token}`, { method: 'DELETE' });
}
