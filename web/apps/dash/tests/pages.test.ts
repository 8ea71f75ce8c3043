import type { SearchHit } from '@narthex/grafanaapi';
import { describe, expect, test, vi } from 'vitest';

import { isRelative, rawRange, resolveRange, windowOf, windowToUrl } from '../src/dashboard/time';
import { allTags, filterHits, folderPaths, groupByFolder } from '../src/pages/hits';
import { changedSearch } from '../src/router/location';
import { matchRoute, safeRedirect, signInAddress } from '../src/router/routes';

describe('matchRoute', () => {
  test.each([
    ['/', { page: 'home' }],
    ['/login', { page: 'login' }],
    ['/logout', { page: 'logout' }],
    ['/dashboards', { page: 'dashboards', folderUid: '' }],
    ['/dashboards/f/abc/slug', { page: 'dashboards', folderUid: 'abc' }],
    ['/d/test-dashboard/test-dashboard', { page: 'dashboard', uid: 'test-dashboard', slug: 'test-dashboard' }],
    ['/d/a%20b', { page: 'dashboard', uid: 'a b', slug: '' }],
    ['/d/%zz', { page: 'dashboard', uid: '%zz', slug: '' }],
    ['/d', { page: 'unknown' }],
    ['/public-dashboards/ab%20c', { page: 'public', token: 'ab c' }],
    ['/public-dashboards', { page: 'unknown' }],
    ['/public-dashboards/a/b', { page: 'unknown' }],
    ['/explore', { page: 'explore' }],
    ['/explore/x', { page: 'unknown' }],
    ['/dashboard/new', { page: 'new' }],
    ['/dashboard/import', { page: 'import' }],
    ['/library-panels', { page: 'library' }],
    ['/connections', { page: 'sources' }],
    ['/connections/datasources', { page: 'sources' }],
    ['/connections/datasources/edit/a%20b', { page: 'source', uid: 'a b' }],
    ['/datasources', { page: 'sources' }],
    ['/datasources/edit/x', { page: 'source', uid: 'x' }],
    ['/datasources/x', { page: 'unknown' }],
    ['/connections/x', { page: 'unknown' }],
  ])('%s', (path, want) => expect(matchRoute(path)).toEqual(want));
});

describe('safeRedirect stays on this site', () => {
  test.each([
    ['/d/x/y?from=now-1h', '/d/x/y?from=now-1h'],
    ['//evil.example', undefined],
    ['/\\evil.example', undefined],
    ['https://evil.example', undefined],
    ['/login', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s', (wanted, want) => expect(safeRedirect(wanted)).toBe(want));
});

describe('signInAddress', () => {
  test.each([
    [{ pathname: '/', search: '' }, '/login'],
    [{ pathname: '/d/x/y', search: '?refresh=2s' }, '/login?redirectTo=%2Fd%2Fx%2Fy%3Frefresh%3D2s'],
    [{ pathname: '/login', search: '?redirectTo=%2Fd%2Fx' }, '/login?redirectTo=%2Fd%2Fx'],
  ])('%j', (location, want) => expect(signInAddress(location)).toBe(want));
});

test('changedSearch sets, repeats and takes out', () => {
  const search = new URLSearchParams('a=1&b=2&b=3&c=4');
  expect(changedSearch(search, { a: 'x', b: ['y', 'z'], c: undefined, d: [] }).toString()).toBe('a=x&b=y&b=z');
});

describe('time range', () => {
  const fallback = { from: 'now-6h', to: 'now' };
  test('the address wins over the dashboard', () => {
    expect(rawRange(new URLSearchParams('from=now-5m&to=1700000000000'), fallback)).toEqual({ from: 'now-5m', to: 1_700_000_000_000 });
    expect(rawRange(new URLSearchParams('from=nonsense'), fallback)).toEqual(fallback);
  });
  test('absolute ends are kept to the millisecond', () => {
    const raw = { from: 1_700_000_000_001, to: 1_700_000_300_002 };
    const range = resolveRange(raw, { timeZone: 'utc' });
    expect(windowOf(range)).toEqual({ fromMs: raw.from, toMs: raw.to });
    expect(windowToUrl(windowOf(range))).toEqual({ from: '1700000000001', to: '1700000300002' });
    expect(isRelative(raw)).toBe(false);
  });
  test('both ends are counted from one now', () => {
    let at = 1_700_000_000_000;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => at++);
    const { fromMs, toMs } = windowOf(resolveRange({ from: 'now-5m', to: 'now' }, { timeZone: 'utc' }));
    clock.mockRestore();
    expect(toMs - fromMs).toBe(300_000);
  });
  test('a rounded range starts and ends on its unit', () => {
    const { fromMs, toMs } = windowOf(resolveRange({ from: 'now/d', to: 'now/d' }, { timeZone: 'utc' }));
    expect(fromMs % 86_400_000).toBe(0);
    expect(toMs - fromMs).toBe(86_399_999);
  });
});

describe('search hits', () => {
  const hit = (title: string, folderTitle: string, tags: string[], type = 'dash-db'): SearchHit => ({
    uid: title,
    title,
    url: '',
    type,
    tags,
    folderUid: folderTitle,
    folderTitle,
    isStarred: false,
  });
  const hits = [hit('Beta 10', 'Ops', ['x']), hit('beta 2', 'Ops', ['x', 'y']), hit('Alpha', '', []), hit('Ops', '', [], 'dash-folder')];
  test.each<[string, { text?: string; tags?: string[]; folderUid?: string }, string[]]>([
    ['folders are no dashboards', {}, ['Beta 10', 'beta 2', 'Alpha']],
    ['every word has to occur', { text: 'ops 2' }, ['beta 2']],
    ['every tag has to be there', { tags: ['x', 'y'] }, ['beta 2']],
    ['one folder', { folderUid: 'Ops' }, ['Beta 10', 'beta 2']],
  ])('%s', (_name, filter, want) =>
    expect(filterHits(hits, { text: '', tags: [], folderUid: '', ...filter }).map(({ title }) => title)).toEqual(want),
  );
  test('folders by title, loose dashboards first', () => {
    const groups = groupByFolder(filterHits(hits, { text: '', tags: [], folderUid: '' }));
    expect(groups.map(({ title, hits: inside }) => [title, inside.map((one) => one.title)])).toEqual([
      ['', ['Alpha']],
      ['Ops', ['beta 2', 'Beta 10']],
    ]);
  });
  test('folders within folders (UI-1)', () => {
    const folder = (uid: string, folderUid: string): SearchHit => ({ ...hit(uid, '', [], 'dash-folder'), folderUid });
    const nested = [folder('Team', ''), folder('Servers', 'Team'), folder('Empty', 'Servers'), hit('Disks', 'Servers', []), hit('Loose', '', []), hit('Strange', 'Gone', [])];
    const paths = folderPaths(nested);
    expect(paths.map(({ title, uids }) => [title, uids.length])).toEqual([
      ['Team', 1],
      ['Team / Servers', 2],
      ['Team / Servers / Empty', 3],
      ['Gone', 1],
    ]);
    expect(filterHits(nested, { text: '', tags: [], folderUid: 'Team' }).map(({ title }) => title)).toEqual(['Disks']);
    const shown = groupByFolder(filterHits(nested, { text: '', tags: [], folderUid: '' }), 'alpha-desc', paths, paths);
    expect(shown.map(({ title, hits: inside }) => [title, inside.length])).toEqual([
      ['', 1],
      ['Team / Servers / Empty', 0],
      ['Team / Servers', 1],
      ['Team', 0],
      ['Gone', 1],
    ]);
  });
  test('folders that lie in each other end somewhere', () => {
    const folder = (uid: string, folderUid: string): SearchHit => ({ ...hit(uid, '', [], 'dash-folder'), folderUid });
    expect(folderPaths([folder('a', 'b'), folder('b', 'a')])).toHaveLength(2);
  });
  test('starred ones alone, and turned round', () => {
    const two = [{ ...hit('a', '', []), isStarred: true }, hit('b', '', []), { ...hit('c', '', []), isStarred: true }];
    const starred = filterHits(two, { text: '', tags: [], folderUid: '', isStarredOnly: true });
    expect(groupByFolder(starred, 'alpha-desc')[0]?.hits.map(({ title }) => title)).toEqual(['c', 'a']);
  });
  test('tags once, in order', () => expect(allTags(hits)).toEqual(['x', 'y']));
});
