// GET /api/dashboards/home
import { record, text } from '@narthex/dashmodel/json';

import { base } from './base';
import { request } from './client';

/** The address of the home dashboard that is preferred and may be seen; undefined for none. */
export async function fetchHomeAddress(): Promise<string | undefined> {
  const address = text(record(await request('/api/dashboards/home'))['redirectUri']);
  return address === '' ? undefined : base.remove(address);
}
