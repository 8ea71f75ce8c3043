// GET /api/user
import { flag, number, record, text } from '@narthex/dashmodel/json';

import { request } from './client';

export interface User {
  id: number;
  login: string;
  name: string;
  email: string;
  isAdmin: boolean;
}

export async function fetchUser(): Promise<User> {
  const answer = record(await request('/api/user'));
  const login = text(answer['login']);
  return {
    id: number(answer['id'], 0),
    login,
    name: text(answer['name']) || login,
    email: text(answer['email']),
    isAdmin: flag(answer['isGrafanaAdmin']),
  };
}
