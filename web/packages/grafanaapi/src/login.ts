// POST /login
import { record, text } from '@narthex/dashmodel/json';

import { request } from './client';

export const signOutPath = '/logout';

/** Signs in and gives the path the server wants to be opened next. */
export async function signIn(user: string, password: string): Promise<string> {
  const answer = record(await request('/login', { method: 'POST', body: { user, password }, isSignIn: true }));
  return text(answer['redirectUrl'], '/');
}
