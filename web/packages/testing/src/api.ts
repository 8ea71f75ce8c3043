// The dashboards' HTTP API as the stand-in answers it. User admin, password 1234.
import { libraryUids } from '../../dashmodel/src/library';
import { elementsOf } from '../../dashmodel/src/sharing';
import { isRecord, number, record, records, text, type AnyRecord } from '../../dashmodel/src/json';
import { fakeFrames, fakeSeries } from './fake_data';
import { valuesOf } from './plausible';
import { ManageApi } from './manage_api';
import { DashboardStore, slugOf, urlOf, type Stored } from './store';
import { testDataFrames } from './testdata';

const COOKIE = 'grafana_session=fake';

export interface Call {
  method: string;
  url: URL;
  cookie: string;
  body: AnyRecord;
}

export interface Answer {
  status?: number;
  body: unknown;
  cookie?: string;
}

const TEST_DATA = 'grafana-testdata-datasource';
const TEST_NAMES = ['gdev-testdata', 'testdata', 'TestData DB', 'PD8C576611E62080A', 'CsvData'];

const SETTINGS = {
  datasources: {
    Prometheus: { uid: 'prometheus', type: 'prometheus', name: 'Prometheus', isDefault: true, jsonData: { timeInterval: '2s' } },
    ...Object.fromEntries(TEST_NAMES.map((name) => [name, { uid: name, type: TEST_DATA, name, isDefault: false, jsonData: {} }])),
  },
  defaultDatasource: 'Prometheus',
  buildInfo: { version: '12.4.0' },
  bootUser: { isSignedIn: true, id: 1, login: 'admin', name: 'admin', email: 'admin@localhost', isGrafanaAdmin: true, orgId: 1, orgName: 'Main Org.', orgRole: 'Admin', theme: '', timezone: '', weekStart: '', homeDashboardUID: '' },
};

const METRICS: Readonly<Record<string, readonly [type: string, help: string, unit: string]>> = {
  demo_requests_total: ['counter', 'Requests answered.', ''],
  demo_request_duration_seconds: ['histogram', 'Time to answer a request.', 'seconds'],
  demo_temperature_celsius: ['gauge', 'Temperature of a room.', 'celsius'],
  process_resident_memory_bytes: ['gauge', 'Resident memory.', 'bytes'],
  up: ['gauge', 'Whether the target answered.', ''],
};

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not found' } };
const success = (data: unknown): Answer => ({ body: { status: 'success', data } });

function answerQuery({ body }: Call): Answer {
  const { from, to, queries } = body;
  const shown = records(queries).filter((query) => query['hide'] !== true);
  const results = shown.map((query) => {
    if (text(query['expr']).includes('bad_query')) {
      return [text(query['refId']), { status: 400, error: 'bad_data: 1:10: parse error: unexpected end of input', frames: [] }] as const;
    }
    const isTestData = record(query['datasource'])['type'] === TEST_DATA;
    const frames = isTestData ? testDataFrames(query, Number(from), Number(to)) : fakeFrames(query, Number(from), Number(to));
    return [text(query['refId']), { status: 200, frames }] as const;
  });
  return { body: { results: Object.fromEntries(results) } };
}

function answerLogin({ body: { user, password } }: Call): Answer {
  if (user !== 'admin' || password !== '1234') return { status: 401, body: { message: 'Invalid username or password' } };
  return { body: { message: 'Logged in', redirectUrl: '/' }, cookie: `${COOKIE}; Path=/` };
}

/** Labels, series and single values: what variables and the metrics browser ask for. */
function answerResource(path: string, { url }: Call): Answer {
  const match = url.searchParams.get('match[]') ?? '';
  const label = /^label\/([^/]+)\/values$/.exec(path)?.[1];
  const selected = match.replace(/\{.*$/s, '').replace(/[^\w]/g, '');
  if (label === '__name__') return success(Object.keys(METRICS).filter((name) => name.includes(selected)));
  if (label !== undefined) return success(label === 'job' ? ['exposer', 'grafana', 'prometheus'] : valuesOf(decodeURIComponent(label)));
  switch (path) {
    case 'labels':
      return success(['__name__', 'instance', 'job', 'method', 'code']);
    case 'series':
      return success(fakeSeries(match).map(({ labels }) => labels));
    case 'query_exemplars': {
      const end = Number(url.searchParams.get('end'));
      const exemplars = [60, 400, 900].map((ago, index) => ({ labels: { trace_id: `trace-${index}` }, value: String(5 + index), timestamp: end - ago }));
      return success([{ seriesLabels: {}, exemplars }]);
    }
    case 'targets': {
      const target = (job: string, health: string) => ({ labels: { job, instance: `${job}:80` }, health, scrapeInterval: '2s' });
      return success({ activeTargets: [target('exposer', 'up'), target('prometheus', 'up'), target('grafana', 'down')] });
    }
    case 'status/tsdb':
      return success({ seriesCountByMetricName: Object.keys(METRICS).map((name, index) => ({ name, value: 10 * (index + 1) })) });
    case 'rules': {
      const rule = { type: 'recording', name: 'job:demo_requests:rate1m', query: 'sum by (job) (rate(demo_requests_total[1m]))', labels: {} };
      return success({ groups: [{ name: 'demo', rules: [rule] }] });
    }
    case 'alerts':
      return success({ alerts: [{ labels: { alertname: 'HighLatency', severity: 'warning' }, annotations: { summary: 'Slow answers' }, state: 'firing', activeAt: '2026-01-01T00:00:00Z' }] });
    case 'metadata':
      return success(Object.fromEntries(Object.entries(METRICS).map(([name, [type, help, unit]]) => [name, [{ type, help, unit }]])));
    case 'query': {
      const seconds = Number(url.searchParams.get('time') ?? 0);
      const counted = /^count\((.*)\)$/s.exec(url.searchParams.get('query') ?? '')?.[1];
      if (counted !== undefined) return success({ resultType: 'vector', result: [{ metric: {}, value: [seconds, String(fakeSeries(counted).length)] }] });
      const limit = Number(url.searchParams.get('limit') ?? 0) || undefined;
      const result = fakeSeries(url.searchParams.get('query') ?? '').slice(0, limit).map(({ labels, value }) => ({ metric: labels, value: [seconds, String(value(seconds))] }));
      return success({ resultType: 'vector', result });
    }
    default:
      return NOT_FOUND;
  }
}

export class FakeApi {
  private readonly stars = new Set<string>();
  private readonly manage = new ManageApi();
  private readonly library = new Map<string, AnyRecord>();

  constructor(
    private readonly store: DashboardStore,
    private readonly clock: () => number,
  ) {}

  /** Undefined for what is no call of the API. */
  answer(call: Call): Answer | undefined {
    const { method, url, cookie } = call;
    if (method === 'POST' && url.pathname === '/login') return answerLogin(call);
    if (!url.pathname.startsWith('/api/')) return undefined;
    if (!cookie.includes(COOKIE)) return { status: 401, body: { message: 'Unauthorized' } };
    const resource = /\/resources\/api\/v1\/(.+)$/.exec(url.pathname)?.[1];
    if (resource !== undefined) return answerResource(resource, call);
    return this.dashboards(call) ?? this.manage.answer(call) ?? this.rest(call);
  }

  private folderTitle(uid: string): string {
    return text(this.manage.allFolders().find((folder) => folder['uid'] === uid)?.['title']);
  }

  private meta(stored: Stored): AnyRecord {
    const { dashboard, isProvisioned, folderUid } = stored;
    return {
      slug: slugOf(dashboard),
      url: urlOf(dashboard),
      provisioned: isProvisioned,
      provisionedExternalId: isProvisioned ? `${slugOf(dashboard)}.json` : '',
      canSave: !isProvisioned,
      canEdit: true,
      canStar: true,
      isStarred: this.stars.has(text(dashboard['uid'])),
      version: number(dashboard['version'], 1),
      folderUid,
      folderTitle: this.folderTitle(folderUid),
    };
  }

  private save({ body }: Call): Answer {
    const saved = this.store.save(body, this.clock());
    if (!saved) return { status: 412, body: { message: 'The dashboard has been changed by someone else', status: 'version-mismatch' } };
    const { dashboard } = saved;
    return { body: { status: 'success', uid: dashboard['uid'], url: urlOf(dashboard), slug: slugOf(dashboard), version: dashboard['version'], id: 1 } };
  }

  private versions(uid: string, rest: string, { method, body }: Call): Answer {
    const stored = this.store.find(uid);
    if (!stored) return NOT_FOUND;
    const shown = stored.versions.map(({ data: _data, ...one }) => ({ ...one, id: one.version, createdBy: 'admin' }));
    if (rest === 'permissions') return method === 'POST' ? this.manage.setPermissions(`dashboard ${uid}`, body) : this.manage.permissionsOf(`dashboard ${uid}`);
    if (rest === 'versions') return { body: { versions: shown } };
    if (rest === 'restore' && method === 'POST') {
      const restored = this.store.restore(uid, number(body['version'], 0), this.clock());
      return restored ? { body: { status: 'success', uid, version: restored.dashboard['version'] } } : NOT_FOUND;
    }
    const one = stored.versions.find(({ version }) => `versions/${version}` === rest);
    return one ? { body: { ...one, createdBy: 'admin' } } : NOT_FOUND;
  }

  private dashboards(call: Call): Answer | undefined {
    const { method, url, body } = call;
    if (url.pathname === '/api/dashboards/db' && method === 'POST') return this.save(call);
    if (url.pathname === '/api/dashboards/import' && method === 'POST') {
      const { __elements: elements, __inputs: _inputs, __requires: _requires, ...dashboard } = withInputs(record(body['dashboard']), records(body['inputs']));
      const answer = this.save({ ...call, body: { ...body, dashboard } });
      if (!answer.status) for (const element of elementsOf({ __elements: elements })) this.library.set(text(element['uid']), element);
      return answer.status ? answer : { body: { ...record(answer.body), importedUrl: record(answer.body)['url'] } };
    }
    const [, uid, rest] = /^\/api\/dashboards\/uid\/([^/]+)(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (uid === undefined) return undefined;
    if (rest !== undefined) return this.versions(uid, rest, call);
    if (method === 'DELETE') return this.store.remove(uid) ? { body: { title: uid } } : NOT_FOUND;
    const stored = this.store.find(decodeURIComponent(uid));
    if (!stored) return { status: 404, body: { message: 'Dashboard not found', status: 'not-found' } };
    return { body: { dashboard: stored.dashboard, meta: this.meta(stored) } };
  }

  private search(): Answer {
    const hits = this.store.all().map(({ dashboard, folderUid }) => ({
      uid: dashboard['uid'],
      title: dashboard['title'],
      url: urlOf(dashboard),
      type: 'dash-db',
      tags: dashboard['tags'] ?? [],
      isStarred: this.stars.has(text(dashboard['uid'])),
      folderUid,
      folderTitle: this.folderTitle(folderUid),
    }));
    const folders = this.manage.allFolders().map(({ uid, title, parentUid }) => ({ uid, title, url: `/dashboards/f/${text(uid)}`, type: 'dash-folder', tags: [], folderUid: parentUid }));
    return { body: [...folders, ...hits] };
  }

  private changeElement(element: AnyRecord, { name, model, version }: AnyRecord): Answer {
    if (version !== number(element['version'], 1)) return { status: 412, body: { message: 'the library element has been changed by someone else' } };
    const next = { ...element, name, model, version: version + 1 };
    this.library.set(text(element['uid']), next);
    return { body: { result: next } };
  }

  private withUsers(element: AnyRecord): AnyRecord {
    const users = this.store.all().filter(({ dashboard }) => libraryUids(dashboard).includes(text(element['uid'])));
    return { ...element, meta: { ...record(element['meta']), connectedDashboards: users.length } };
  }

  private rest(call: Call): Answer {
    const { method, url } = call;
    const star = /^\/api\/user\/stars\/dashboard\/uid\/(.+)$/.exec(url.pathname)?.[1];
    if (star !== undefined) {
      if (method === 'DELETE') this.stars.delete(star);
      else this.stars.add(star);
      return { body: { message: 'Dashboard starred' } };
    }
    const element = this.library.get(decodeURIComponent(/^\/api\/library-elements\/([^/]+)$/.exec(url.pathname)?.[1] ?? ''));
    if (element && method === 'DELETE') return this.library.delete(text(element['uid'])) ? { body: { message: 'Library element deleted' } } : NOT_FOUND;
    if (element && method === 'PATCH') return this.changeElement(element, call.body);
    if (element) return { body: { result: element } };
    if (url.pathname === '/api/library-elements' && method === 'POST') {
      const made = { ...call.body, uid: `element-${this.library.size + 1}`, version: 1, meta: { folderName: 'General', connectedDashboards: 0 } };
      this.library.set(made.uid, made);
      return { body: { result: made } };
    }
    switch (url.pathname) {
      case '/api/library-elements':
        return { body: { result: { totalCount: this.library.size, elements: [...this.library.values()].map((one) => this.withUsers(one)), page: 1, perPage: 500 } } };
      case '/api/frontend/settings':
        return { body: SETTINGS };
      case '/api/user':
        return { body: { id: 1, login: 'admin', name: 'admin', email: 'admin@localhost', isGrafanaAdmin: true, orgRole: 'Admin' } };
      case '/api/user/orgs':
        return { body: [{ orgId: 1, name: 'Main Org.', role: 'Admin' }] };
      case '/api/short-urls':
        return { body: { uid: 'short', url: `http://127.0.0.1/goto/short?orgId=1#${text(call.body['path']).length}` } };
      case '/api/search':
        return this.search();
      case '/api/ds/query':
        return answerQuery(call);
      default:
        return NOT_FOUND;
    }
  }
}

/** A dashboard with `${DS_X}` replaced by what was chosen for it. */
function withInputs(dashboard: AnyRecord, inputs: AnyRecord[]): AnyRecord {
  let json = JSON.stringify(dashboard);
  for (const input of inputs) json = json.replaceAll(`\${${text(input['name'])}}`, text(input['value']));
  const parsed: unknown = JSON.parse(json);
  return isRecord(parsed) ? parsed : dashboard;
}
