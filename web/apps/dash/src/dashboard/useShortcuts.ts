// Keys on a dashboard: "v" views the panel with the focus, Esc leaves a view, "d r" refreshes, "d k" shows only the panels.
import { useEffect, useRef } from 'react';

import { updateSearch } from '../router/location';

const SEQUENCE_MS = 1000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function useShortcuts(onRefresh: () => void): void {
  const latest = useRef(onRefresh);
  latest.current = onRefresh;
  useEffect(() => {
    let prefixAt = -Infinity;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const search = new URLSearchParams(window.location.search);
      if (event.key === 'Escape') {
        if (search.has('viewPanel')) updateSearch({ viewPanel: undefined });
        else if (search.has('kiosk')) updateSearch({ kiosk: undefined });
        return;
      }
      if (event.key === 'v') {
        const panel = document.activeElement?.closest<HTMLElement>('[data-panel-key]');
        if (search.has('viewPanel')) updateSearch({ viewPanel: undefined });
        else if (panel) updateSearch({ viewPanel: panel.dataset['panelKey'] });
        return;
      }
      const isSecond = event.timeStamp - prefixAt < SEQUENCE_MS;
      prefixAt = event.key === 'd' ? event.timeStamp : -Infinity;
      if (!isSecond) return;
      if (event.key === 'r') latest.current();
      if (event.key === 'k') updateSearch({ kiosk: search.has('kiosk') ? undefined : 'true' });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
