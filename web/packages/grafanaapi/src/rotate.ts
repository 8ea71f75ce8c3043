// POST /api/user/auth-tokens/rotate
import { request } from './client';

const EXPIRY_COOKIE = 'grafana_session_expiry';

/** When the session's token should be renewed, Unix milliseconds, from the cookies of the page. */
export function rotationDueMs(cookies: string): number | undefined {
  const pair = cookies.split(';').find((one) => one.trim().startsWith(`${EXPIRY_COOKIE}=`));
  const seconds = Number(pair?.split('=')[1] ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Renews the token of this session; the new one comes as a cookie. */
export async function rotateToken(): Promise<void> {
  await request('/api/user/auth-tokens/rotate', { method: 'POST', body: {} });
}
