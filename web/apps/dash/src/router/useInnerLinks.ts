// Links to pages of this app that others have written - in texts, values, headings - stay in the page.
import { base } from '@narthex/grafanaapi';
import { useEffect } from 'react';

import { navigate } from './location';
import { matchRoute } from './routes';

function innerAddress(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  if (!anchor?.href || anchor.target === '_blank' || anchor.hasAttribute('download')) return undefined;
  const url = new URL(anchor.href);
  if (url.origin !== window.location.origin || !base.holds(url.pathname)) return undefined;
  const path = base.remove(url.pathname);
  return ['unknown', 'login', 'logout'].includes(matchRoute(path).page) ? undefined : path + url.search;
}

export function useInnerLinks(): void {
  useEffect(() => {
    const follow = (event: MouseEvent): void => {
      const address = innerAddress(event);
      if (address === undefined) return;
      event.preventDefault();
      navigate(address);
      window.scrollTo(0, 0);
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, []);
}
