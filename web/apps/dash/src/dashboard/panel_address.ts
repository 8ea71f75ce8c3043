// Addresses of the dashboard on the page, and of one panel of it.
import { variableToUrl, type Variable } from '@narthex/vars';

type Range = { fromMs: number; toMs: number } | undefined;

// What the page is busy with, not what it shows.
const PASSING = ['editPanel', 'editview', 'inspect', 'inspectTab', 'shareView', 'sharePanel'];

function without(url: URL, names: readonly string[]): URL {
  for (const name of names) url.searchParams.delete(name);
  return url;
}

function setRange(url: URL, range: Range): void {
  if (!range) return;
  url.searchParams.set('from', String(Math.round(range.fromMs)));
  url.searchParams.set('to', String(Math.round(range.toMs)));
}

export interface Shared {
  /** Of the panel to show alone; empty for the whole dashboard. */
  panelKey: string;
  /** Instants, so that everybody sees the same; undefined for the range as it is written. */
  range: Range;
  /** Empty for the theme of whoever opens it. */
  theme: string;
  /** As they are now: a dashboard may begin with others tomorrow. */
  variables: readonly Variable[];
}

/** What the page shows, for somebody else. */
export function sharedAddress(href: string, { panelKey, range, theme, variables }: Shared): string {
  const url = without(new URL(href), [...PASSING, 'theme']);
  for (const { key, values } of variables.map(variableToUrl)) {
    url.searchParams.delete(key);
    for (const value of values) url.searchParams.append(key, value);
  }
  setRange(url, range);
  if (theme !== '') url.searchParams.set('theme', theme);
  if (panelKey !== '') url.searchParams.set('viewPanel', panelKey);
  return url.toString();
}

/** With nothing around it, for a frame of another page: the page's range and variables carried on. */
export function soloAddress(href: string, key: string, range: Range): string {
  const url = without(new URL(href), [...PASSING, 'viewPanel', 'kiosk']);
  url.pathname = url.pathname.replace(/\/d\/([^/]+\/?[^/]*)$/, '/d-solo/$1');
  url.searchParams.set('panelId', key);
  setRange(url, range);
  return url.toString();
}
