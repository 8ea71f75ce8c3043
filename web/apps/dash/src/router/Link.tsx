import { base } from '@narthex/grafanaapi';
import type { AnchorHTMLAttributes, MouseEvent } from 'react';

import { navigate } from './location';

/** A plain link to an address within the app that stays in the page; with a modifier key the browser does as always. */
export function Link({ href, onClick, children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain) return;
    event.preventDefault();
    navigate(href);
    window.scrollTo(0, 0);
  };
  return (
    <a href={base.add(href)} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
