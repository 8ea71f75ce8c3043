import { FieldType, type DataFrame } from '@grafana/data';
import { loadDashboard, migrate } from '@narthex/dashmodel';
import { savePreferences } from '@narthex/grafanaapi';
import { localFrames } from '@narthex/runner';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { playlistFault } from '../src/manage/PlaylistsPage';
import { addressesOf, Player } from '../src/manage/player';
import { filterSettings } from '../src/manage/ServerPages';
import { snapshotOf } from '../src/manage/snapshot';
import { matchRoute } from '../src/router/routes';

const hit = (uid: string, tags: string[], type = 'dash-db') => ({ uid, title: uid, url: `/d/${uid}`, type, tags, folderUid: '', folderTitle: '', isStarred: false });

describe('playlists', () => {
  test('items become addresses: one by its uid, several by a tag, none for what is gone', () => {
    const hits = [hit('a', ['x']), hit('b', ['x', 'y']), hit('folder', ['x'], 'dash-folder')];
    const items = [{ type: 'dashboard_by_uid', value: 'b' }, { type: 'dashboard_by_tag', value: 'x' }, { type: 'dashboard_by_uid', value: 'gone' }] as const;
    expect(addressesOf(items, hits)).toEqual(['/d/b', '/d/a', '/d/b']);
  });

  test.each([
    [{ uid: '', name: ' ', interval: '5m', items: [] }, /name/],
    [{ uid: '', name: 'a', interval: 'soon', items: [] }, /second/],
    [{ uid: '', name: 'a', interval: '0s', items: [] }, /second/],
    [{ uid: '', name: 'a', interval: '5m', items: [] }, /at least one/],
  ])('%o is not saved', (playlist, why) => expect(playlistFault(playlist)).toMatch(why));

  test('one that is whole is saved', () => {
    expect(playlistFault({ uid: '', name: 'a', interval: '30s', items: [{ type: 'dashboard_by_uid', value: 'a' }] })).toBeUndefined();
  });
});

describe('player', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('goes from one to the next, and round', () => {
    const gone: string[] = [];
    const player = new Player((url) => gone.push(url));
    player.start('p', ['/d/a', '/d/b?x=1'], 1000);
    vi.advanceTimersByTime(2500);
    expect(gone).toEqual(['/d/a?kiosk=true', '/d/b?x=1&kiosk=true', '/d/a?kiosk=true']);
    player.stop();
  });

  test('a step by hand leaves a whole interval to what is shown then', () => {
    const gone: string[] = [];
    const player = new Player((url) => gone.push(url));
    player.start('p', ['/1', '/2', '/3'], 1000);
    vi.advanceTimersByTime(900);
    player.step(-1);
    vi.advanceTimersByTime(900);
    expect(gone).toEqual(['/1?kiosk=true', '/3?kiosk=true']);
    expect(player.current?.index).toBe(2);
    player.stop();
  });

  test('stopped, it goes nowhere; without addresses it does not start', () => {
    const go = vi.fn<(url: string) => void>();
    const told = vi.fn<() => void>();
    const player = new Player(go);
    player.subscribe(told);
    player.start('p', ['/1'], 1000);
    player.stop();
    vi.advanceTimersByTime(5000);
    expect(go).toHaveBeenCalledTimes(1);
    expect(told).toHaveBeenCalled();
    player.start('p', [], 1000);
    expect(player.current).toBeUndefined();
  });
});

test('a snapshot holds what was shown, and asks for nothing', async () => {
  const json = migrate({
    uid: 'd',
    title: 'D',
    schemaVersion: 42,
    refresh: '5s',
    panels: [{ id: 7, type: 'timeseries', title: 'Of $job', repeat: 'job', gridPos: { x: 0, y: 0, w: 12, h: 8 }, targets: [{ refId: 'A', expr: 'up' }], transformations: [{ id: 'limit' }] }],
  });
  const frame: DataFrame = { refId: 'A', length: 1, fields: [{ name: 'Time', type: FieldType.time, values: [5], config: {} }, { name: 'Value', type: FieldType.number, values: [9], labels: { job: 'a' }, config: {} }] };
  const made = snapshotOf({
    json,
    panels: loadDashboard(json).panels,
    variables: [],
    framesOf: () => [frame],
    titleOf: () => 'Of a',
    window: { fromMs: 0, toMs: 60_000 },
    name: 'Then',
    url: '/d/d',
  });
  expect(made).toMatchObject({ title: 'Then', refresh: '', time: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:01:00.000Z' }, snapshot: { originalUrl: '/d/d' } });
  expect(made).not.toHaveProperty('uid');
  const [panel] = loadDashboard(JSON.parse(JSON.stringify(made))).panels;
  expect(panel).toMatchObject({ title: 'Of a', transformations: [] });
  expect(JSON.stringify(made)).not.toContain('"repeat"');
  const frames = panel ? await localFrames(panel, { fromMs: 0, toMs: 1 }, 'utc') : [];
  expect(frames.map(({ fields }) => fields.map(({ values, labels }) => [values, labels]))).toEqual([[[[5], undefined], [[9], { job: 'a' }]]]);
});

test.each([
  ['/playlists', { page: 'playlists' }],
  ['/playlists/new', { page: 'playlist', uid: '' }],
  ['/playlists/edit/a%20b', { page: 'playlist', uid: 'a b' }],
  ['/playlists/play/p', { page: 'play', uid: 'p' }],
  ['/playlists/nothing', { page: 'unknown' }],
  ['/dashboard/snapshots', { page: 'snapshots' }],
  ['/dashboard/snapshot/k', { page: 'snapshot', key: 'k' }],
  ['/org/teams', { page: 'admin', part: 'teams' }],
  ['/admin/users', { page: 'admin', part: 'users' }],
  ['/admin/nothing', { page: 'unknown' }],
  ['/profile', { page: 'profile' }],
])('%s', (path, route) => expect(matchRoute(path)).toEqual(route));

describe('settings', () => {
  const settings = [
    { section: 'server', key: 'http_port', value: '3000', source: 'GF_SERVER_HTTP_PORT' },
    { section: 'security', key: 'admin_password', value: '*********', source: 'default' },
  ];
  test.each([
    ['', ['http_port', 'admin_password']],
    ['PORT', ['http_port']],
    ['server gf_', ['http_port']],
    ['default password', ['admin_password']],
    ['server default', []],
  ])('%j finds %j', (wanted, want) => expect(filterSettings(settings, wanted).map(({ key }) => key)).toEqual(want));
});

test('the team keeps what is not changed', async () => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (_url: string, { method, body }: RequestInit) => {
    if (method === 'PUT') sent.push(JSON.parse(String(body)));
    return new Response(JSON.stringify({ theme: 'dark', language: 'de' }));
  });
  await savePreferences({ teamId: 3 }, { theme: 'light', homeDashboardUid: 'h' });
  expect(sent).toEqual([{ theme: 'light', language: 'de', homeDashboardUID: 'h' }]);
  vi.unstubAllGlobals();
});
