// POST /login
import { record, text } from '@narthex/dashmodel/json';

import { base } from './base';
import { request } from './client';

/** As the browser needs it: the page is left. */
export const signOutPath = base.add('/logout');

/** Signs in and gives the path the server wants to be opened next. */
export async function signIn(user: string, password: string): Promise<string> {
  const answer = record(await request('/login', { method: 'POST', body: { user, password }, isSignIn: true }));
  return base.remove(text(answer['redirectUrl'], '/'));
}
