// One request and its answer, on the page or in a worker.
export interface Call {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface Answer {
  status: number;
  statusText: string;
  /** What its JSON says; the text itself where it is none, undefined where there is nothing. */
  body: unknown;
}

async function bodyOf(response: Response): Promise<unknown> {
  const raw = await response.text();
  if (raw === '') return undefined;
  try {
    const body: unknown = JSON.parse(raw);
    return body;
  } catch {
    return raw;
  }
}

/** Rejects as fetch() does where no answer comes. */
export async function fetchAnswer({ url, ...call }: Call, signal: AbortSignal | null): Promise<Answer> {
  const response = await fetch(url, { ...call, signal, credentials: 'same-origin' });
  const { status, statusText } = response;
  return { status, statusText, body: await bodyOf(response) };
}
