import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  addMember,
  changePassword,
  createOrganisation,
  createSnapshot,
  createToken,
  fetchMembers,
  fetchOrganisations,
  fetchPeople,
  fetchPlaylist,
  fetchPreferences,
  fetchProvisionedFiles,
  fetchServerSettings,
  fetchServiceAccounts,
  fetchSnapshots,
  fetchTeams,
  fetchTokens,
  onSignedOut,
  renameOrganisation,
  savePreferences,
  savePlaylist,
  searchAnnotations,
  setDisabled,
  setMemberRole,
} from '../src';

let calls: Array<{ url: string; method: string; body: unknown }> = [];

function answerWith(body: unknown, status = 200): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, method: init.method ?? '', body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    return new Response(JSON.stringify(body), { status });
  });
}

beforeEach(() => {
  calls = [];
});
afterEach(() => vi.unstubAllGlobals());

describe('what the server answers is read, and nothing taken on trust', () => {
  test.each<[string, () => Promise<unknown>, unknown, unknown]>([
    ['people', fetchPeople, { users: [{ id: 2, login: 'a', isDisabled: true, lastSeenAtAge: '3d' }] }, [{ id: 2, login: 'a', name: '', email: '', isAdmin: false, isDisabled: true, seen: '3d' }]],
    ['members', fetchMembers, [{ userId: 2, login: 'a', role: 'Editor' }, 'odd'], [{ id: 2, login: 'a', name: '', role: 'Editor', seen: '' }]],
    ['teams', fetchTeams, { teams: [{ id: 1, name: 't', memberCount: 4 }] }, [{ id: 1, name: 't', email: '', memberCount: 4 }]],
    ['service accounts', fetchServiceAccounts, { serviceAccounts: [{ id: 1, name: 's', role: 'Viewer', tokens: 2 }] }, [{ id: 1, name: 's', role: 'Viewer', isDisabled: false, tokenCount: 2 }]],
    ['tokens without an end', () => fetchTokens(3), [{ id: 1, name: 't', created: 'c', expiration: null }], [{ id: 1, name: 't', created: 'c', expires: '', hasExpired: false }]],
    ['organisations', fetchOrganisations, [{ id: 2, name: 'O', x: 1 }], [{ id: 2, name: 'O' }]],
    ['preferences', () => fetchPreferences({ teamId: 3 }), { theme: 'dark', homeDashboardUID: 'h', language: 'de' }, { theme: 'dark', timezone: '', weekStart: '', homeDashboardUid: 'h' }],
    ['settings', fetchServerSettings, [{ section: 'server', key: 'http_port', value: '3000', source: 'default' }], [{ section: 'server', key: 'http_port', value: '3000', source: 'default' }]],
    ['provisioned files', fetchProvisionedFiles, { files: [{ kind: 'dashboard', path: 'a.json', state: 'refused', error: 'no', warnings: ['w'] }] }, [{ kind: 'dashboard', path: 'a.json', isLoaded: false, error: 'no', warnings: ['w'] }]],
    ['snapshots', fetchSnapshots, [{ key: 'k', name: 'n', created: 'c', expires: 'e', id: 3 }], [{ key: 'k', name: 'n', created: 'c', expires: 'e' }]],
    ['a playlist', () => fetchPlaylist('p'), { uid: 'p', name: 'n', interval: '1m', items: [{ type: 'dashboard_by_tag', value: 't' }, { type: 'dashboard_by_id', value: '3' }] }, { uid: 'p', name: 'n', interval: '1m', items: [{ type: 'dashboard_by_tag', value: 't' }] }],
    ['nonsense', fetchPeople, 'no', []],
  ])('%s', async (_name, ask, answer, want) => {
    answerWith(answer);
    expect(await ask()).toEqual(want);
  });
});

describe('what is sent', () => {
  const playlist = { name: 'n', interval: '5m', items: [{ type: 'dashboard_by_uid' as const, value: 'u' }] };
  const sent = { name: 'n', interval: '5m', items: [{ type: 'dashboard_by_uid', value: 'u', title: 'u' }] };
  test.each<[string, () => Promise<unknown>, string, string, unknown]>([
    ['a new playlist', () => savePlaylist({ uid: '', ...playlist }), 'POST', '/api/playlists', sent],
    ['a changed playlist', () => savePlaylist({ uid: 'a/b', ...playlist }), 'PUT', '/api/playlists/a%2Fb', sent],
    ['a snapshot', () => createSnapshot({ title: 't' }, 'n', 3600), 'POST', '/api/snapshots', { dashboard: { title: 't' }, name: 'n', expires: 3600 }],
    ['a member', () => addMember('a@b', 'Editor'), 'POST', '/api/org/users', { loginOrEmail: 'a@b', role: 'Editor' }],
    ['a role elsewhere', () => setMemberRole(4, 'Admin', 7), 'PATCH', '/api/orgs/7/users/4', { role: 'Admin' }],
    ['an organisation', () => createOrganisation('O'), 'POST', '/api/orgs', { name: 'O' }],
    ['the name of the own organisation', () => renameOrganisation('O'), 'PUT', '/api/org', { name: 'O' }],
    ['the name of another', () => renameOrganisation('O', 3), 'PUT', '/api/orgs/3', { name: 'O' }],
    ['preferences', () => savePreferences('org', { theme: 'light', homeDashboardUid: '' }), 'PATCH', '/api/org/preferences', { theme: 'light', homeDashboardUID: '' }],
    ['a role', () => setMemberRole(4, 'Admin'), 'PATCH', '/api/org/users/4', { role: 'Admin' }],
    ['the end of an account', () => setDisabled(4, true), 'POST', '/api/admin/users/4/disable', undefined],
    ['a token without an end', () => createToken(4, 't', 0), 'POST', '/api/serviceaccounts/4/tokens', { name: 't' }],
    ['a token', () => createToken(4, 't', 60), 'POST', '/api/serviceaccounts/4/tokens', { name: 't', secondsToLive: 60 }],
    ['a search for annotations', () => searchAnnotations({ limit: 5, tags: ['a', 'b'], dashboardUid: 'd', fromMs: 1, toMs: undefined }), 'GET', '/api/annotations?limit=5&type=annotation&tags=a&tags=b&dashboardUID=d&from=1', undefined],
  ])('%s', async (_name, send, method, url, body) => {
    answerWith({});
    await send();
    expect(calls).toEqual([{ url, method, body }]);
  });

  test('a wrong old password does not end the session', async () => {
    const signedOut = vi.fn<() => void>();
    onSignedOut(signedOut);
    answerWith({ message: 'invalid old password' }, 401);
    await expect(changePassword('a', 'b')).rejects.toThrow('invalid old password');
    expect(signedOut).not.toHaveBeenCalled();
  });
});
