// One request to a Prometheus HTTP API: address, envelope, errors. The endpoints build on it.
import { list, object, optional, oneOf, text, ShapeError, type Check } from './check';

// Where the API is and how to reach it.
export interface ApiClient {
  // Address in front of `/api/v1`, without a slash at its end; '' for the root of this origin.
  baseUrl: string;
  fetch: typeof fetch;
}

export function createClient(baseUrl: string): ApiClient {
  return { baseUrl: baseUrl.replace(/\/+$/, ''), fetch: (...args) => globalThis.fetch(...args) };
}

// A request that did not lead to data.
export class ApiError extends Error {
  // `type` is the API's errorType (bad_data, execution, timeout, ...), or one of ours:
  // 'network' (no answer), 'http' (an answer that is not of this API), 'shape' (not as the API promises).
  constructor(
    readonly type: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

// What an endpoint answered, with the notes that came along.
export interface Answer<T> {
  data: T;
  warnings: string[];
  infos: string[];
}

export type Params = Record<string, string | number | undefined | readonly string[]>;

const envelope = object<{
  status: 'success' | 'error';
  errorType: string | undefined;
  error: string | undefined;
  warnings: string[] | undefined;
  infos: string[] | undefined;
}>({
  status: oneOf('success', 'error'),
  errorType: optional(text),
  error: optional(text),
  warnings: optional(list(text)),
  infos: optional(list(text)),
});

function encode(params: Params): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    if (typeof value === 'object') value.forEach((entry) => encoded.append(name, entry));
    else encoded.append(name, String(value));
  }
  return encoded;
}

async function send(client: ApiClient, url: string, init: RequestInit): Promise<Response> {
  try {
    return await client.fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError('network', 'The server cannot be reached. Is it running?', 0);
  }
}

function parseJson(body: string, status: number): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed;
  } catch {
    const words = body.trim().slice(0, 200);
    throw new ApiError('http', `HTTP ${status}${words === '' ? '' : `: ${words}`}`, status);
  }
}

async function read<T>(response: Response, check: Check<T>): Promise<Answer<T>> {
  const document = parseJson(await response.text(), response.status);
  try {
    const head = envelope(document, '');
    if (head.status === 'error') {
      throw new ApiError(head.errorType ?? 'http', head.error ?? `HTTP ${response.status}`, response.status);
    }
    const { data } = object<{ data: T }>({ data: check })(document, '');
    return { data, warnings: head.warnings ?? [], infos: head.infos ?? [] };
  } catch (error) {
    if (error instanceof ShapeError) throw new ApiError('shape', error.message, response.status);
    throw error;
  }
}

// GETs `/api/v1/<path>`. Throws ApiError, or the abort reason of `signal`.
export async function get<T>(
  client: ApiClient,
  path: string,
  check: Check<T>,
  request: { params?: Params; signal?: AbortSignal } = {},
): Promise<Answer<T>> {
  const query = encode(request.params ?? {}).toString();
  const url = `${client.baseUrl}/api/v1/${path}${query === '' ? '' : `?${query}`}`;
  const init: RequestInit = { headers: { Accept: 'application/json' }, signal: request.signal ?? null };
  return read(await send(client, url, init), check);
}

// POSTs a form, for expressions too long for an address.
export async function postForm<T>(
  client: ApiClient,
  path: string,
  check: Check<T>,
  request: { params: Params; signal?: AbortSignal },
): Promise<Answer<T>> {
  const init: RequestInit = {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: encode(request.params),
    signal: request.signal ?? null,
  };
  return read(await send(client, `${client.baseUrl}/api/v1/${path}`, init), check);
}
