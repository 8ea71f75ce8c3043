// From an action to the call it stands for, or to why there is none. Pure.
import type { ActionConfig, Method } from './read';

export interface ActionRequest {
  method: Method;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Of this server: the only one that is told who asks. */
  isOwn: boolean;
}

export type Prepared = { request: ActionRequest; refusal?: undefined } | { request?: undefined; refusal: string };

/** `here` is the address of the page; `write` puts in what variables stand for. */
export function prepare(action: ActionConfig, write: (text: string) => string, here: string): Prepared {
  const { method } = action;
  if (!method) return { refusal: 'Its method is none that actions may use.' };
  const address = write(action.url).trim();
  if (address === '') return { refusal: 'It has no address.' };
  const url = URL.canParse(address, here) ? new URL(address, here) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { refusal: 'Its address is none of the web.' };
  const isOwn = url.origin === new URL(here).origin;
  // Whoever writes a dashboard could else change this server in the name of those who look at it.
  if (isOwn && method !== 'GET') return { refusal: 'An action may not change anything on this server.' };
  for (const [name, value] of action.queryParams) url.searchParams.append(write(name), write(value));
  const body = method === 'GET' ? '' : write(action.body);
  const headers = Object.fromEntries(action.headers.map(([name, value]) => [write(name), write(value)]));
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    request: { method, url: url.href, headers: { ...headers, ...(body !== '' && !hasType ? { 'Content-Type': 'application/json' } : {}) }, body: body === '' ? undefined : body, isOwn },
  };
}

// Nobody waits longer for a note.
const TIMEOUT_MS = 30_000;

/** Resolves with what to tell of an answer, rejects with what to tell of a failure. */
export async function send({ method, url, headers, body, isOwn }: ActionRequest, ask: typeof fetch = fetch): Promise<string> {
  const response = await ask(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    credentials: isOwn ? 'same-origin' : 'omit',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const status = `HTTP ${response.status}${response.statusText === '' ? '' : ` ${response.statusText}`}`;
  if (!response.ok) throw new Error(`answered with ${status}`);
  return status;
}
