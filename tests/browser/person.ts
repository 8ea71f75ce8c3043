// What several walks over the real program do: sign in, and prepare things by the API.
import type { Page } from '@playwright/test';

import { PASSWORD, USER } from './demo';

export interface Credentials {
  user: string;
  password: string;
}

const ADMIN: Credentials = { user: USER, password: PASSWORD };

// On the sign-in page.
export async function enter(page: Page, { user, password }: Credentials = ADMIN): Promise<void> {
  await page.getByTestId('data-testid Username input field').fill(user);
  await page.getByTestId('data-testid Password input field').fill(password);
  await page.getByTestId('data-testid Login button').click();
}

// `url`: address of the dashboards, without a slash at its end.
export async function api(url: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object, { user, password }: Credentials = ADMIN): Promise<Record<string, unknown>> {
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const answer: unknown = await response.json();
  return { ...(typeof answer === 'object' ? answer : {}) };
}

// An account of the organisation, with `role` there and the password of the admin.
export async function createAccount(url: string, login: string, role: 'Viewer' | 'Editor' | 'Admin'): Promise<Credentials> {
  const { id } = await api(url, 'POST', '/api/admin/users', { login, name: login, password: PASSWORD });
  await api(url, 'PATCH', `/api/org/users/${String(id)}`, { role });
  return { user: login, password: PASSWORD };
}
