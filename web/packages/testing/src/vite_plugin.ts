// A stand-in for the back end while pages are written and tested: `vite` and `vite preview` answer the API with
// made-up data and the dashboards of some folders.
import type { IncomingMessage, ServerResponse } from 'node:http';

import { record, type AnyRecord } from '../../dashmodel/src/json';
import type { Connect, Plugin } from 'vite';

import { FakeApi, type Answer } from './api';
import { answerLive } from './live';
import { DashboardStore } from './store';

async function bodyOf(request: IncomingMessage): Promise<AnyRecord> {
  let raw = '';
  for await (const chunk of request) raw += String(chunk);
  return raw === '' ? {} : record(JSON.parse(raw));
}

function send(response: ServerResponse, { status = 200, body, cookie }: Answer): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  if (cookie) response.setHeader('Set-Cookie', cookie);
  response.end(JSON.stringify(body));
}

// What the server sends with its pages; a page that breaks it shows so here first.
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

const policy: Connect.NextHandleFunction = (_request, response, next) => {
  response.setHeader('Content-Security-Policy', POLICY);
  next();
};

async function answer(api: FakeApi, request: IncomingMessage, url: URL): Promise<Answer | undefined> {
  const isCall = url.pathname.startsWith('/api/') || (request.method === 'POST' && url.pathname === '/login');
  if (!isCall) return undefined;
  return api.answer({ method: request.method ?? 'GET', url, cookie: request.headers.cookie ?? '', body: await bodyOf(request) });
}

function middleware(folders: string[]): Connect.NextHandleFunction {
  const api = new FakeApi(new DashboardStore(folders), Date.now);
  return (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/logout') {
      response.writeHead(302, { Location: '/login', 'Set-Cookie': 'grafana_session=; Path=/; Max-Age=0' }).end();
      return;
    }
    if (answerLive(request, response, url)) return;
    answer(api, request, url).then((found) => (found ? send(response, found) : next()), next);
  };
}

/** `NARTHEX_DASHBOARDS` names one more folder of dashboards, such as a corpus to be opened in a browser. */
export function fakeBackend(...dashboardFolders: string[]): Plugin {
  const more = process.env['NARTHEX_DASHBOARDS'];
  const folders = more ? [...dashboardFolders, more] : dashboardFolders;
  return {
    name: 'fake-backend',
    configureServer: (server) => void server.middlewares.use(middleware(folders)),
    configurePreviewServer: (server) => void server.middlewares.use(policy).use(middleware(folders)),
  };
}
