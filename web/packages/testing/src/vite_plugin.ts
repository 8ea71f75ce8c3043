// A stand-in for the back end while pages are written: `vite` and `vite preview` answer the API with
// made-up data and the dashboards of a folder. User admin, password 1234.
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

import { record, records, text, type AnyRecord } from '../../dashmodel/src/json';
import type { Connect, Plugin } from 'vite';

import { fakeFrames } from './fake_data';

const COOKIE = 'grafana_session=fake';
const SLUG = /[^a-z0-9]+/g;

function readDashboards(folder: string): AnyRecord[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => record(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'))));
}

const slugOf = (dashboard: AnyRecord): string => text(dashboard['title']).toLowerCase().replace(SLUG, '-');
const urlOf = (dashboard: AnyRecord): string => `/d/${text(dashboard['uid'])}/${slugOf(dashboard)}`;

async function bodyOf(request: IncomingMessage): Promise<AnyRecord> {
  let raw = '';
  for await (const chunk of request) raw += String(chunk);
  return raw === '' ? {} : record(JSON.parse(raw));
}

interface Answer {
  status?: number;
  body: unknown;
  cookie?: string;
}

async function answerQuery(request: IncomingMessage): Promise<Answer> {
  const { from, to, queries } = await bodyOf(request);
  const results = records(queries).map((query) => {
    const isBad = text(query['expr']).includes('bad_query');
    const result = isBad
      ? { status: 400, error: 'bad_data: 1:10: parse error: unexpected end of input', frames: [] }
      : { status: 200, frames: fakeFrames(query, Number(from), Number(to)) };
    return [text(query['refId']), result] as const;
  });
  return { body: { results: Object.fromEntries(results) } };
}

async function answerLogin(request: IncomingMessage): Promise<Answer> {
  const { user, password } = await bodyOf(request);
  if (user !== 'admin' || password !== '1234') return { status: 401, body: { message: 'Invalid username or password' } };
  return { body: { message: 'Logged in', redirectUrl: '/' }, cookie: `${COOKIE}; Path=/` };
}

const SETTINGS = {
  datasources: { Prometheus: { uid: 'prometheus', type: 'prometheus', name: 'Prometheus', isDefault: true, jsonData: { timeInterval: '2s' } } },
  defaultDatasource: 'Prometheus',
  buildInfo: { version: '12.4.0' },
};

async function answer(request: IncomingMessage, url: URL, folders: string[]): Promise<Answer | undefined> {
  if (request.method === 'POST' && url.pathname === '/login') return answerLogin(request);
  if (!url.pathname.startsWith('/api/')) return undefined;
  if (!request.headers.cookie?.includes(COOKIE)) return { status: 401, body: { message: 'Unauthorized' } };
  const dashboards = folders.flatMap(readDashboards);
  const uid = /^\/api\/dashboards\/uid\/([^/]+)$/.exec(url.pathname)?.[1];
  if (uid !== undefined) {
    const dashboard = dashboards.find((one) => one['uid'] === uid);
    if (!dashboard) return { status: 404, body: { message: 'Dashboard not found', status: 'not-found' } };
    return { body: { dashboard, meta: { slug: slugOf(dashboard), url: urlOf(dashboard), provisioned: true } } };
  }
  switch (url.pathname) {
    case '/api/frontend/settings':
      return { body: SETTINGS };
    case '/api/user':
      return { body: { id: 1, login: 'admin', name: 'admin', email: 'admin@localhost', isGrafanaAdmin: true } };
    case '/api/search':
      return { body: dashboards.map((one) => ({ uid: one['uid'], title: one['title'], url: urlOf(one), type: 'dash-db', tags: one['tags'] })) };
    case '/api/ds/query':
      return answerQuery(request);
    default:
      return url.pathname.includes('/resources/api/v1/label/')
        ? { body: { status: 'success', data: ['exposer', 'grafana', 'prometheus'] } }
        : { status: 404, body: { message: 'Not found' } };
  }
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

function middleware(folders: string[]): Connect.NextHandleFunction {
  return (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/logout') {
      response.writeHead(302, { Location: '/login', 'Set-Cookie': 'grafana_session=; Path=/; Max-Age=0' }).end();
      return;
    }
    answer(request, url, folders).then((found) => (found ? send(response, found) : next()), next);
  };
}

export function fakeBackend(...dashboardFolders: string[]): Plugin {
  return {
    name: 'fake-backend',
    configureServer: (server) => void server.middlewares.use(middleware(dashboardFolders)),
    configurePreviewServer: (server) => void server.middlewares.use(policy).use(middleware(dashboardFolders)),
  };
}
