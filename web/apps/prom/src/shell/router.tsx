// The address as state. A handful of pages whose paths have one segment need no router library.
import { useCallback, useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';

import { splitPath, type PageName, type Place } from '../lib/base_path';

const EVENT = 'narthex:navigate';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(EVENT, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(EVENT, listener);
  };
}

// Fixed for the life of the page: navigation changes the page's name and not what lies in front.
const { base } = splitPath(window.location.pathname);

export function pageUrl(page: PageName, search = ''): string {
  return `${base}/${page}${search === '' ? '' : `?${search}`}`;
}

// Address in front of `/api/v1`.
export const apiUrl = base;

export function navigate(url: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') window.history.pushState(null, '', url);
  else window.history.replaceState(null, '', url);
  window.dispatchEvent(new Event(EVENT));
}

export function usePlace(): Place {
  const pathname = useSyncExternalStore(subscribe, () => window.location.pathname);
  return splitPath(pathname);
}

export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => window.location.search);
}

interface PageLinkProps {
  page: PageName;
  search?: string;
  className?: string | undefined;
  isCurrent?: boolean;
  onFollow?: () => void;
  children: ReactNode;
}

export function PageLink({ page, search, className, isCurrent, onFollow, children }: PageLinkProps) {
  const url = pageUrl(page, search);
  const follow = useCallback(
    (event: MouseEvent) => {
      // New tabs and windows stay the browser's business.
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      navigate(url);
      window.scrollTo(0, 0);
      onFollow?.();
    },
    [url, onFollow],
  );
  return (
    <a href={url} className={className} aria-current={isCurrent ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
