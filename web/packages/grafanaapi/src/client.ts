// One place that talks to the server: JSON in and out, errors with the server's own words, and a
// hook for a session that has ended.
import { isRecord, text } from '@narthex/dashmodel/json';

import { aside } from './aside';
import { base } from './base';
import { fetchAnswer, type Answer, type Call } from './fetch_answer';

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
  /** The answer may be of many megabytes: it is read beside the page. */
  isLarge?: boolean;
}

function messageOf({ status, statusText, body }: Answer): string {
  const message = isRecord(body) ? text(body['message']) || text(body['error']) : '';
  return message || `The server answered ${status} ${statusText}`.trim();
}

function callOf(path: string, { method = 'GET', body, headers }: RequestOptions): Call {
  return {
    url: base.add(path),
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  };
}

export async function request(path: string, options: RequestOptions = {}): Promise<unknown> {
  const { signal = null, isSignIn = false, isVisit = false, isLarge = false } = options;
  const call = callOf(path, options);
  let answer: Answer;
  try {
    answer = await (isLarge ? aside.fetch(call, signal) : fetchAnswer(call, signal));
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('The server cannot be reached.', 0);
  }
  const { status, body } = answer;
  if (status >= 200 && status < 300) return body;
  if (status === SIGNED_OUT_STATUS && !isSignIn && !isVisit) signedOutHandler();
  throw new ApiError(messageOf(answer), status, body);
}
