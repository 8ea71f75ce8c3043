// Where the pages lie: everything in front of a page's name in the address. '' at the root,
// '/monitoring' if the server runs below that prefix.

export const PAGES = [
  'query',
  'targets',
  'service-discovery',
  'status',
  'tsdb-status',
  'flags',
  'config',
] as const;
export type PageName = (typeof PAGES)[number];

export interface Place {
  base: string;
  page: PageName | undefined;
}

// A page's path has one segment, so the last segment is the page and the rest is the base.
// `graph` is the query page's old name; an empty segment is the start page, which is the query page.
export function splitPath(pathname: string): Place {
  const cut = pathname.lastIndexOf('/');
  const last = pathname.slice(cut + 1);
  const base = pathname.slice(0, Math.max(0, cut));
  const name = last === '' || last === 'graph' || last === 'index.html' ? 'query' : last;
  return { base, page: PAGES.find((page) => page === name) };
}
