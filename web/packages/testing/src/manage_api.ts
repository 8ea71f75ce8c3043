// Playlists, snapshots, people, teams and service accounts as the stand-in keeps them: in memory.
import { number, record, records, text, type AnyRecord } from '../../dashmodel/src/json';
import type { Answer, Call } from './api';

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not found' } };
const DONE: Answer = { body: { message: 'Done' } };
const CREATED = '2026-01-01T00:00:00Z';

interface Row extends AnyRecord {
  id: number;
}

/** Rows of one kind, by number. */
class Table {
  private readonly rows: Row[] = [];
  private next = 1;

  constructor(...rows: AnyRecord[]) {
    for (const row of rows) this.add(row);
  }

  all(): Row[] {
    return this.rows;
  }

  find(id: unknown): Row | undefined {
    // Not the first of those that have no uid.
    if (id === undefined) return undefined;
    return this.rows.find((row) => String(row.id) === String(id) || row['uid'] === id || row['key'] === id);
  }

  add(row: AnyRecord): Row {
    const made = { ...row, id: this.next++ };
    this.rows.push(made);
    return made;
  }

  change(id: unknown, change: AnyRecord): Answer {
    const row = this.find(id);
    if (!row) return NOT_FOUND;
    Object.assign(row, change);
    return DONE;
  }

  remove(id: unknown): Answer {
    const index = this.rows.findIndex((row) => row === this.find(id));
    if (index < 0) return NOT_FOUND;
    this.rows.splice(index, 1);
    return DONE;
  }
}

/** Of the dashboard and the range that are asked for, where they are. */
function isAskedFor(annotation: Row, search: URLSearchParams): boolean {
  const uid = search.get('dashboardUID');
  const [from, to] = [search.get('from'), search.get('to')];
  const isWithin = from === null || to === null || (number(annotation['timeEnd'], 0) >= Number(from) && number(annotation['time'], 0) <= Number(to));
  return isWithin && (uid === null || annotation['dashboardUID'] === uid);
}

// As the service has it.
const PASSWORD_LENGTH_MIN = 4;

type Handler = (call: Call, path: string[]) => Answer;

export class ManageApi {
  private readonly playlists = new Table();
  private readonly annotations = new Table({ time: 1_767_225_600_000, timeEnd: 1_767_225_600_000, text: 'Version 2 is out', tags: ['release'], login: 'admin', dashboardUID: 'states', panelId: 0 });
  private readonly snapshots = new Table();
  private readonly users = new Table({ login: 'admin', name: 'admin', email: 'admin@localhost', isAdmin: true, isDisabled: false, lastSeenAtAge: '1m' });
  private readonly members = new Table({ login: 'admin', name: 'admin', userId: 1, role: 'Admin', lastSeenAtAge: '1m' });
  private readonly teams = new Table();
  private readonly accounts = new Table();
  private readonly sources = new Table(
    { uid: 'prometheus', name: 'Prometheus', type: 'prometheus', typeName: 'Prometheus', url: 'http://localhost:9090', access: 'proxy', isDefault: true, readOnly: false, jsonData: { timeInterval: '2s' }, secureJsonFields: {} },
    { uid: 'filed', name: 'Of a file', type: 'prometheus', typeName: 'Prometheus', url: 'http://localhost:9091', access: 'proxy', isDefault: false, readOnly: true, jsonData: {}, secureJsonFields: {} },
  );
  private readonly folders = new Table({ uid: 'team', title: 'Team', parentUid: '' });
  private readonly permissions = new Map<string, AnyRecord[]>();
  private preferences: AnyRecord = { theme: '', timezone: '', weekStart: '', homeDashboardUID: '' };

  private readonly handlers: Readonly<Record<string, Handler>> = {
    'POST playlists': ({ body }) => ({ body: this.playlists.add({ ...body, uid: `list-${this.playlists.all().length + 1}` }) }),
    'GET playlists': (_call, [uid]) => (uid === undefined ? { body: this.playlists.all() } : this.one(this.playlists, uid)),
    'PUT playlists': ({ body }, [uid]) => this.playlists.change(uid, body),
    'DELETE playlists': (_call, [uid]) => this.playlists.remove(uid),
    'GET annotations': ({ url }) => ({ body: this.annotations.all().filter((one) => isAskedFor(one, url.searchParams)) }),
    'POST annotations': ({ body }) => ({ body: this.annotations.add({ ...body, login: 'admin' }) }),
    'PATCH annotations': ({ body }, [id]) => this.annotations.change(id, body),
    'DELETE annotations': (_call, [id]) => this.annotations.remove(id),
    'POST snapshots': ({ body }) => {
      const key = `snapshot-${this.snapshots.all().length + 1}`;
      this.snapshots.add({ key, name: body['name'], dashboard: body['dashboard'], created: CREATED, expires: '2050-01-01T00:00:00Z' });
      return { body: { key, deleteKey: `${key}-x`, url: `/dashboard/snapshot/${key}`, deleteUrl: `/api/snapshots-delete/${key}-x` } };
    },
    'GET snapshots': (_call, [key]) => {
      const found = this.snapshots.find(key);
      return found ? { body: { meta: { isSnapshot: true, created: CREATED }, dashboard: found['dashboard'] } } : NOT_FOUND;
    },
    'DELETE snapshots': (_call, [key]) => this.snapshots.remove(key),
    'GET dashboard/snapshots': () => ({ body: this.snapshots.all().map(({ dashboard: _data, ...rest }) => rest) }),
    'GET users/search': () => ({ body: { totalCount: this.users.all().length, users: this.users.all() } }),
    'POST admin/users': ({ body }, [id, what]) => {
      if (what === 'logout') return DONE;
      return id === undefined ? { body: this.users.add({ ...body, isAdmin: false, isDisabled: false, lastSeenAtAge: '10 years' }) } : this.users.change(id, { isDisabled: what === 'disable' });
    },
    'PUT admin/users': ({ body }, [id, what]) => {
      if (what !== 'password') return this.users.change(id, { isAdmin: body['isGrafanaAdmin'] });
      return text(body['password']).length < PASSWORD_LENGTH_MIN ? { status: 400, body: { message: 'New password too short' } } : DONE;
    },
    'DELETE admin/users': (_call, [id]) => this.users.remove(id),
    'GET org/users': () => ({ body: this.members.all() }),
    'POST org/users': ({ body }) => this.addMember(body),
    'PATCH org/users': ({ body }, [id]) => this.members.change(this.memberOf(id), { role: body['role'] }),
    'DELETE org/users': (_call, [id]) => this.members.remove(this.memberOf(id)),
    'GET teams/search': () => ({ body: { teams: this.teams.all().map((team) => ({ ...team, memberCount: records(team['members']).length })) } }),
    'POST teams': (call, path) => this.changeTeam(call, path),
    'GET teams': (_call, [id]) => ({ body: records(this.teams.find(id)?.['members']) }),
    'DELETE teams': (_call, [id, , user]) => (user === undefined ? this.teams.remove(id) : this.teams.change(id, { members: records(this.teams.find(id)?.['members']).filter((one) => String(one['userId']) !== user) })),
    'GET serviceaccounts/search': () => ({ body: { serviceAccounts: this.accounts.all().map((one) => ({ ...one, tokens: records(one['tokenList']).length })) } }),
    'GET serviceaccounts': (_call, [id]) => ({ body: records(this.accounts.find(id)?.['tokenList']) }),
    'POST serviceaccounts': (call, path) => this.changeAccount(call, path),
    'PATCH serviceaccounts': ({ body }, [id]) => this.accounts.change(id, body),
    'DELETE serviceaccounts': (_call, [id, , token]) => (token === undefined ? this.accounts.remove(id) : this.accounts.change(id, { tokenList: records(this.accounts.find(id)?.['tokenList']).filter((one) => String(one['id']) !== token) })),
    'GET user/auth-tokens': () => ({ body: [{ id: 1, isActive: true, clientIp: '127.0.0.1', userAgent: 'This browser', seenAt: CREATED }, { id: 2, isActive: false, clientIp: '10.0.0.7', userAgent: 'Another browser', seenAt: CREATED }] }),
    'POST user/revoke-auth-token': () => DONE,
    'GET user/preferences': () => ({ body: this.preferences }),
    'PATCH user/preferences': ({ body }) => {
      this.preferences = { ...this.preferences, ...body };
      return DONE;
    },
    'GET datasources': (_call, [, uid, what]) => (uid === undefined ? { body: this.sources.all() } : what === 'health' ? this.healthOf(uid) : this.one(this.sources, uid)),
    'POST datasources': ({ body }) => this.addSource(body),
    'PUT datasources': ({ body }, [, uid]) => this.changeSource(uid, body),
    'DELETE datasources': (_call, [, uid]) => this.sources.remove(uid),
    'GET folders': (_call, [uid, what]) => this.folderOf(uid, what),
    'POST folders': (call, path) => this.changeFolder(call, path),
    'PUT folders': ({ body }, [uid]) => this.folders.change(uid, { title: body['title'] }),
    'DELETE folders': (_call, [uid]) => this.folders.remove(uid),
    'PUT user': () => DONE,
    'PUT user/password': ({ body }) => (body['oldPassword'] === '1234' ? DONE : { status: 401, body: { message: 'invalid old password' } }),
  };

  allFolders(): AnyRecord[] {
    return this.folders.all();
  }

  permissionsOf(subject: string): Answer {
    const standard = ['Editor', 'Viewer'].map((role) => ({ role, teamId: 0, userId: 0, permission: role === 'Editor' ? 2 : 1, inherited: false }));
    return { body: this.permissions.get(subject) ?? standard };
  }

  setPermissions(subject: string, { items }: AnyRecord): Answer {
    const named = records(items).map((item) => ({ role: '', ...item, userLogin: text(this.users.find(item['userId'])?.['login']), team: text(this.teams.find(item['teamId'])?.['name']), inherited: false }));
    this.permissions.set(subject, named);
    return DONE;
  }

  private folderOf(uid: string | undefined, what: string | undefined): Answer {
    if (uid === undefined) return { body: this.folders.all().filter(({ parentUid }) => parentUid === '') };
    if (what === 'permissions') return this.permissionsOf(uid);
    if (what === 'counts') return { body: { dashboard: 0, folder: this.folders.all().filter(({ parentUid }) => parentUid === uid).length } };
    const found = this.folders.find(uid);
    return found ? { body: { ...found, canSave: true, canAdmin: true } } : NOT_FOUND;
  }

  private changeFolder({ body }: Call, [uid, what]: string[]): Answer {
    if (uid === undefined) return { body: this.folders.add({ uid: `folder-${this.folders.all().length + 1}`, title: body['title'], parentUid: text(body['parentUid']) }) };
    return what === 'permissions' ? this.setPermissions(uid, body) : this.folders.change(uid, { parentUid: text(body['parentUid']) });
  }

  private addSource(body: AnyRecord): Answer {
    if (this.sources.all().some(({ name }) => name === body['name'])) return { status: 409, body: { message: 'data source with the same name already exists' } };
    const made = this.sources.add({ ...body, uid: `source-${this.sources.all().length + 1}`, typeName: 'Prometheus', readOnly: false, jsonData: body['jsonData'] ?? {}, secureJsonFields: {} });
    return { body: { message: 'Datasource added', id: made.id, name: made['name'], datasource: made } };
  }

  private changeSource(uid: unknown, { secureJsonData, ...body }: AnyRecord): Answer {
    const held = record(this.sources.find(uid)?.['secureJsonFields']);
    const added = Object.fromEntries(Object.keys(record(secureJsonData)).map((key) => [key, true]));
    return this.sources.change(uid, { ...body, secureJsonFields: { ...held, ...added } });
  }

  private healthOf(uid: string): Answer {
    const url = text(this.sources.find(uid)?.['url']);
    return url.includes('nowhere') ? { status: 400, body: { status: 'ERROR', message: 'connection refused' } } : { body: { status: 'OK', message: 'Successfully queried the Prometheus API.' } };
  }

  private one(table: Table, id: string): Answer {
    const found = table.find(id);
    return found ? { body: found } : NOT_FOUND;
  }

  private memberOf = (userId: unknown): number | undefined => this.members.all().find((one) => String(one['userId']) === String(userId))?.id;

  private addMember({ loginOrEmail, role }: AnyRecord): Answer {
    const user = this.users.all().find(({ login }) => login === loginOrEmail);
    if (!user) return { status: 404, body: { message: 'user not found' } };
    this.members.add({ login: user['login'], name: user['name'], userId: user.id, role, lastSeenAtAge: '10 years' });
    return DONE;
  }

  private changeTeam({ body }: Call, [id]: string[]): Answer {
    if (id === undefined) return { body: this.teams.add({ ...body, members: [] }) };
    const login = text(this.users.find(number(body['userId'], 0))?.['login']);
    return this.teams.change(id, { members: [...records(this.teams.find(id)?.['members']), { userId: body['userId'], login }] });
  }

  private changeAccount({ body }: Call, [id]: string[]): Answer {
    if (id === undefined) return { status: 201, body: this.accounts.add({ ...body, isDisabled: false, tokenList: [] }) };
    const list = records(this.accounts.find(id)?.['tokenList']);
    const token = { id: list.length + 1, name: body['name'], created: CREATED, expiration: null, hasExpired: false };
    this.accounts.change(id, { tokenList: [...list, token] });
    return { body: { ...token, key: `glsa_${'x'.repeat(32)}` } };
  }

  /** Undefined for what is none of its calls. */
  answer(call: Call): Answer | undefined {
    const parts = call.url.pathname.split('/').slice(2).map(decodeURIComponent);
    const two = this.handlers[`${call.method} ${parts.slice(0, 2).join('/')}`];
    if (two) return two(call, parts.slice(2));
    return this.handlers[`${call.method} ${parts[0] ?? ''}`]?.(call, parts.slice(1));
  }
}
