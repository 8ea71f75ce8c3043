// The live channel as the stand-in has it: open, and without points, so that panels go on asking for themselves.
import type { IncomingMessage, ServerResponse } from 'node:http';

const PATH = /^\/api\/live\/dashboards\/[^/]+\/(events|subscriptions)$/;
const PING_MS = 15_000;

/** True for what it has answered. */
export function answerLive(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
  const kind = PATH.exec(url.pathname)?.[1];
  if (kind === undefined) return false;
  if (kind === 'subscriptions') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ channels: [], refused: [] }));
    return true;
  }
  const tell = (event: string, data: unknown): void => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  tell('hello', { client: 'stand-in', heartbeatMs: PING_MS });
  tell('presence', { viewers: [{ login: 'admin', name: 'admin', connections: 1 }], signedInCount: 1, anonymousCount: 0 });
  const timer = setInterval(() => tell('ping', { now: Date.now() }), PING_MS);
  request.on('close', () => clearInterval(timer));
  return true;
}
