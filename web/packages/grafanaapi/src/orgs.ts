// /api/orgs: all organisations of the server. /api/org: the one that the person works in.
import { number, records, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface Organisation {
  id: number;
  name: string;
}

export async function fetchOrganisations(): Promise<Organisation[]> {
  return records(await request('/api/orgs?perpage=1000')).map((one) => ({ id: number(one['id'], 0), name: text(one['name']) }));
}

export async function createOrganisation(name: string): Promise<void> {
  await request('/api/orgs', { method: 'POST', body: { name } });
}

/** `id` undefined: the organisation that the person works in. */
export async function renameOrganisation(name: string, id?: number): Promise<void> {
  await request(id === undefined ? '/api/org' : `/api/orgs/${id}`, { method: 'PUT', body: { name } });
}

export async function deleteOrganisation(id: number): Promise<void> {
  await request(`/api/orgs/${id}`, { method: 'DELETE' });
}
