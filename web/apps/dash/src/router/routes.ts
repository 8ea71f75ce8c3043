// Which page an address means.
import { adminPartAt, type AdminPart } from '../manage/admin_parts';

export type Route =
  | { page: 'home' }
  | { page: 'login' }
  | { page: 'logout' }
  | { page: 'dashboards'; folderUid: string }
  | { page: 'dashboard'; uid: string; slug: string }
  | { page: 'solo'; uid: string }
  | { page: 'new' }
  | { page: 'import' }
  | { page: 'snapshots' }
  | { page: 'snapshot'; key: string }
  | { page: 'playlists' }
  | { page: 'playlist'; uid: string }
  | { page: 'play'; uid: string }
  | { page: 'admin'; part: AdminPart }
  | { page: 'profile' }
  | { page: 'generate' }
  | { page: 'explore' }
  | { page: 'library' }
  | { page: 'sources' }
  | { page: 'source'; uid: string }
  | { page: 'public'; token: string }
  | { page: 'unknown' };

function matchPlaylist(second: string | undefined, third: string | undefined): Route {
  if (second === undefined) return { page: 'playlists' };
  if (second === 'new') return { page: 'playlist', uid: '' };
  if (second === 'edit' && third !== undefined) return { page: 'playlist', uid: decode(third) };
  return second === 'play' && third !== undefined ? { page: 'play', uid: decode(third) } : { page: 'unknown' };
}

const decode = (text: string | undefined): string => {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return text ?? '';
  }
};

/** At /connections/datasources, and at the address of before. */
function matchSource(first: string, ...rest: Array<string | undefined>): Route | undefined {
  if (first === 'connections') {
    const [what, ...more] = rest;
    if (what === undefined) return { page: 'sources' };
    return what === 'datasources' ? matchSource('datasources', ...more) : undefined;
  }
  if (first !== 'datasources') return undefined;
  const [what, uid] = rest;
  if (what === undefined) return { page: 'sources' };
  return what === 'edit' && uid !== undefined ? { page: 'source', uid: decode(uid) } : undefined;
}

export function matchRoute(path: string): Route {
  const [first = '', second, third, ...more] = path.split('/').filter((part) => part !== '');
  if (first === '') return { page: 'home' };
  if (first === 'login' && second === undefined) return { page: 'login' };
  if (first === 'logout' && second === undefined) return { page: 'logout' };
  if (first === 'd' && second !== undefined && more.length === 0) {
    return { page: 'dashboard', uid: decode(second), slug: decode(third) };
  }
  if (first === 'public-dashboards' && second !== undefined && third === undefined) return { page: 'public', token: decode(second) };
  if (first === 'd-solo' && second !== undefined && more.length === 0) return { page: 'solo', uid: decode(second) };
  if (first === 'dashboard' && second === 'new') return { page: 'new' };
  if (first === 'dashboard' && second === 'import') return { page: 'import' };
  if (first === 'dashboard' && second === 'snapshots') return { page: 'snapshots' };
  if (first === 'dashboard' && second === 'snapshot' && third !== undefined) return { page: 'snapshot', key: decode(third) };
  if (first === 'playlists') return matchPlaylist(second, third);
  if (first === 'profile' && second === undefined) return { page: 'profile' };
  if (first === 'library-panels' && second === undefined) return { page: 'library' };
  const source = matchSource(first, second, third, more[0]);
  if (source) return source;
  const part = adminPartAt(`/${[first, second, third].filter((one) => one !== undefined).join('/')}`);
  if (part !== undefined) return { page: 'admin', part };
  if (first === 'dashboard' && second === 'generate') return { page: 'generate' };
  if (first === 'explore' && second === undefined) return { page: 'explore' };
  if (first === 'dashboards' && second === undefined) return { page: 'dashboards', folderUid: '' };
  if (first === 'dashboards' && second === 'f') return { page: 'dashboards', folderUid: decode(third) };
  return { page: 'unknown' };
}

/** A path of this site to go to after sign-in; anything else would lead away. */
export function safeRedirect(wanted: string | null): string | undefined {
  if (!wanted || !/^\/(?![/\\])/.test(wanted) || wanted.startsWith('/login')) return undefined;
  return wanted;
}

/** The sign-in page, told where to go back to. */
export function signInAddress({ pathname, search }: { pathname: string; search: string }): string {
  const back = pathname + search;
  if (pathname === '/login') return back;
  return back === '/' ? '/login' : `/login?redirectTo=${encodeURIComponent(back)}`;
}
