// Listens to the keys of a dashboard; what they do is in shortcuts.ts, the list that a person sees in palette/keys.ts.
import { useEffect, useRef } from 'react';

import { isSecondOf, isTyping } from '../palette/keys';
import { updateSearch } from '../router/location';
import { PAIRS, PANEL_PAIRS, PANEL_SINGLES, WITH_MODIFIER, type Actions } from './shortcuts';

/** The panel under the pointer, else the one with the focus. */
function panelKey(): string | undefined {
  const under = [...document.querySelectorAll<HTMLElement>('[data-panel-key]:hover')].at(-1);
  return (under ?? document.activeElement?.closest<HTMLElement>('[data-panel-key]'))?.dataset['panelKey'];
}

function leave(search: URLSearchParams): void {
  if (search.has('inspect') || search.has('shareView')) updateSearch({ inspect: undefined, inspectTab: undefined, shareView: undefined, sharePanel: undefined });
  else if (search.has('editPanel') || search.has('editview')) updateSearch({ editPanel: undefined, editview: undefined });
  else if (search.has('viewPanel')) updateSearch({ viewPanel: undefined });
  else if (search.has('kiosk')) updateSearch({ kiosk: undefined });
}

/** True when the key, or the pair that it ends, meant something. */
function run(first: string, key: string, actions: Actions): boolean {
  const search = new URLSearchParams(window.location.search);
  const pair = `${first} ${key}`;
  const wanted = panelKey();
  const panel = actions.panels.find((one) => one.key === wanted);
  const ofPage = first === '' ? undefined : PAIRS[pair];
  const ofPanel = first === '' ? PANEL_SINGLES[key] : PANEL_PAIRS[pair];
  if (ofPage) ofPage(actions, search);
  else if (ofPanel && panel) ofPanel(panel, actions, search);
  else if (key === 'Escape' || (key === 'v' && first === '')) leave(search);
  else return false;
  return true;
}

export function useShortcuts(actions: Actions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let first = '';
    let firstAt = -Infinity;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        const key = event.key.toLowerCase();
        const action = WITH_MODIFIER[key];
        // Saving is meant from within a field too.
        if (!action || (key !== 's' && isTyping(event.target))) return;
        event.preventDefault();
        action(latest.current, new URLSearchParams(window.location.search));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      // A modifier alone is on its way to the key that it belongs to.
      if (event.key === 'Shift') return;
      const isSecond = isSecondOf(first, event.timeStamp - firstAt);
      const hasRun = run(isSecond ? first : '', event.key, latest.current);
      first = isSecond || hasRun ? '' : event.key;
      firstAt = event.timeStamp;
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
