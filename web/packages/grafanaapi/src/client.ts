// One place that talks to the server: JSON in and out, errors with the server's own words, and a
// hook for a session that has ended.
import { isRecord, text } from '@narthex/dashmodel/json';

import { base } from './base';
import { parseLarge, turns } from './large_json';

export const SIGNED_OUT_STATUS = 401;

export class ApiError extends Error {
  constructor(
    message: string,
    /** 0 when no answer came at all. */
    readonly status: number,
    readonly body: unknown = undefined,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

let signedOutHandler: () => void = () => {};

/** Called for every answer that says the session has ended, before the error is thrown. */
export function onSignedOut(handler: () => void): void {
  signedOutHandler = handler;
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Sign-in itself answers 401 without a session having ended. */
  isSignIn?: boolean;
  /** Nobody need be signed in for it. */
  isVisit?: boolean;
}

const PIECE_BYTES = 1 << 18;

/** As Response.text(), which reads an answer of many megabytes without letting anything else happen. */
async function readText({ body }: Response): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const parts: string[] = [];
  const endTurn = turns();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (let at = 0; at < value.length; at += PIECE_BYTES) {
      parts.push(decoder.decode(value.subarray(at, at + PIECE_BYTES), { stream: true }));
      // What has arrived already would be read in one go.
      await endTurn();
    }
  }
  parts.push(decoder.decode());
  return parts.join('');
}

async function readBody(response: Response): Promise<unknown> {
  const raw = await readText(response);
  if (raw === '') return undefined;
  try {
    return await parseLarge(raw);
  } catch {
    return raw;
  }
}

function messageOf(body: unknown, response: Response): string {
  const message = isRecord(body) ? text(body['message']) || text(body['error']) : '';
  return message || `The server answered ${response.status} ${response.statusText}`.trim();
}

export async function request(path: string, options: RequestOptions = {}): Promise<unknown> {
  const { method = 'GET', body, headers, signal, isSignIn = false, isVisit = false } = options;
  let response: Response;
  try {
    response = await fetch(base.add(path), {
      method,
      signal: signal ?? null,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('The server cannot be reached.', 0);
  }
  const answer = await readBody(response);
  if (response.ok) return answer;
  if (response.status === SIGNED_OUT_STATUS && !isSignIn && !isVisit) signedOutHandler();
  throw new ApiError(messageOf(answer, response), response.status, answer);
}
