// Which page an address means.

export type Route =
  | { page: 'home' }
  | { page: 'login' }
  | { page: 'logout' }
  | { page: 'dashboards'; folderUid: string }
  | { page: 'dashboard'; uid: string; slug: string }
  | { page: 'new' }
  | { page: 'import' }
  | { page: 'generate' }
  | { page: 'explore' }
  | { page: 'unknown' };

const decode = (text: string | undefined): string => {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return text ?? '';
  }
};

export function matchRoute(path: string): Route {
  const [first = '', second, third, ...more] = path.split('/').filter((part) => part !== '');
  if (first === '') return { page: 'home' };
  if (first === 'login' && second === undefined) return { page: 'login' };
  if (first === 'logout' && second === undefined) return { page: 'logout' };
  if (first === 'd' && second !== undefined && more.length === 0) {
    return { page: 'dashboard', uid: decode(second), slug: decode(third) };
  }
  if (first === 'dashboard' && second === 'new') return { page: 'new' };
  if (first === 'dashboard' && second === 'import') return { page: 'import' };
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
