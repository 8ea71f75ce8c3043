// The address as state: components read it, and change it without loading the page anew.
import { base } from '@narthex/grafanaapi';
import { useSyncExternalStore } from 'react';

export interface Address {
  /** Without the base path. */
  path: string;
  search: URLSearchParams;
}

const CHANGED = 'narthex:address';
let href = '';
let mayLeave: ((to: string) => boolean) | undefined;
let current: Address = { path: '/', search: new URLSearchParams() };

function read(): Address {
  if (href !== window.location.href) {
    href = window.location.href;
    current = { path: base.remove(window.location.pathname), search: new URLSearchParams(window.location.search) };
  }
  return current;
}

/** Back and forward are asked about as well: whoever stays is put back to where the page is. */
function guardHistory(event: PopStateEvent): void {
  const to = base.remove(window.location.pathname) + window.location.search;
  if (href === '' || !mayLeave || mayLeave(to)) return;
  event.stopImmediatePropagation();
  window.history.pushState(null, '', href);
}

// Before all that listens to the address.
if (typeof window !== 'undefined') window.addEventListener('popstate', guardHistory);

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, read);
}

/** Asked before another address is taken; undefined lets everything pass. */
export function setLeaveGuard(guard: ((to: string) => boolean) | undefined): void {
  mayLeave = guard;
}

/** To an address within the app: a path without the base, or a search. */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (mayLeave && !mayLeave(to)) return;
  if (how === 'push') window.history.pushState(null, '', base.add(to));
  else window.history.replaceState(null, '', base.add(to));
  window.dispatchEvent(new Event(CHANGED));
}

export type SearchChange = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The search with some keys set, repeated or, for undefined, taken out. */
export function changedSearch(search: URLSearchParams, change: SearchChange): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    next.delete(key);
    if (value === undefined) continue;
    for (const one of typeof value === 'string' ? [value] : value) next.append(key, one);
  }
  return next;
}

export function updateSearch(change: SearchChange, how: 'push' | 'replace' = 'push'): void {
  const { path, search } = read();
  const text = changedSearch(search, change).toString();
  navigate(text === '' ? path : `${path}?${text}`, how);
}
