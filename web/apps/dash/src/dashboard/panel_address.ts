// Addresses of one panel of the dashboard on the page.

/** On its dashboard, alone. */
export function panelAddress(key: string): string {
  const url = new URL(window.location.href);
  url.searchParams.set('viewPanel', key);
  return url.toString();
}

/** With nothing around it, for a frame of another page: the page's range and variables carried on. */
export function soloAddress(key: string, range: { fromMs: number; toMs: number } | undefined): string {
  const url = new URL(window.location.href);
  url.pathname = url.pathname.replace(/\/d\/([^/]+\/?[^/]*)$/, '/d-solo/$1');
  for (const name of ['viewPanel', 'editPanel', 'editview', 'inspect', 'kiosk', 'shareView', 'sharePanel']) url.searchParams.delete(name);
  url.searchParams.set('panelId', key);
  if (range) {
    url.searchParams.set('from', String(Math.round(range.fromMs)));
    url.searchParams.set('to', String(Math.round(range.toMs)));
  }
  return url.toString();
}
