import { describe, expect, test } from 'vitest';

import { commandsOf, distance, matching } from '../src/palette/commands';
import { destination } from '../src/palette/keys';

const hit = (title: string, type = 'dash-db') => ({ uid: title, title, url: `/d/${title}`, type, tags: [], folderUid: '', folderTitle: '', isStarred: false });

const ADMIN = { id: 1, login: 'a', name: 'A', email: '', isAdmin: true, isSignedIn: true, orgId: 1, orgName: 'O', orgRole: 'Admin', theme: '', timezone: '', weekStart: '', homeDashboardUid: '' };
const VIEWER = { ...ADMIN, isAdmin: false, orgRole: 'Viewer' };
const VISITOR = { ...VIEWER, id: 0, isSignedIn: false };

describe('the command palette', () => {
  const commands = commandsOf([hit('Node Exporter Full'), hit('Exporters'), hit('A folder', 'dash-folder')], ADMIN);
  test.each([
    ['an admin of the server and the organisation', ADMIN, ['admin-settings', 'admin-teams', 'new', 'profile']],
    ['an admin of the organisation', { ...ADMIN, isAdmin: false }, ['admin-teams', 'new', 'profile']],
    ['an admin of the server who views here', { ...ADMIN, orgRole: 'Viewer' }, ['admin-settings', 'profile']],
    ['an editor', { ...VIEWER, orgRole: 'Editor' }, ['new', 'profile']],
    ['a viewer', VIEWER, ['profile']],
    ['a visitor', VISITOR, []],
  ])('%s is offered what they may use', (_who, user, want) => {
    const ids = commandsOf([], user).map(({ id }) => id);
    expect(['admin-settings', 'admin-teams', 'new', 'profile'].filter((id) => ids.includes(id))).toEqual(want);
  });
  test('folders are no places to go to', () => expect(commands.some(({ title }) => title === 'A folder')).toBe(false));
  test.each([
    ['expor', ['Exporters', 'Node Exporter Full']],
    ['nef', ['Node Exporter Full']],
    ['zzz', []],
  ])('%s', (wanted, want) => expect(matching(commands, wanted).map(({ title }) => title).slice(0, want.length || undefined)).toEqual(want));
  test('a word ranks before letters strewn about', () => {
    expect(distance('Explore', 'expl')).toBe(0);
    expect(distance('Export later', 'expl')).toBeGreaterThan(distance('The Explorer', 'expl') ?? Infinity);
    expect(distance('Node', 'x')).toBeUndefined();
  });
});

test.each([
  ['g', 'd', '/dashboards'],
  ['g', 'x', undefined],
  ['d', 'h', undefined],
])('%s %s leads to %s', (first, second, want) => expect(destination(first, second)).toBe(want));
