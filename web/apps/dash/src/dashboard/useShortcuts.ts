// Keys on a dashboard; the list that a person sees is in palette/keys.ts.
import { moveWindow, zoomOutWindow, type TimeWindow } from '@narthex/timeutil';
import { useEffect, useRef } from 'react';

import { isTyping } from '../palette/keys';
import { updateSearch } from '../router/location';
import { windowToUrl } from './time';

const SEQUENCE_MS = 1000;

const focusedKey = (): string | undefined => document.activeElement?.closest<HTMLElement>('[data-panel-key]')?.dataset['panelKey'];

interface Actions {
  window: TimeWindow;
  onRefresh: () => void;
  /** Undefined where there is nothing to save. */
  onSave: (() => void) | undefined;
}

/** The second key of a pair, after d or t. */
function second(first: string, key: string, search: URLSearchParams, { window: shown, onRefresh }: Actions): void {
  switch (`${first} ${key}`) {
    case 'd r':
      onRefresh();
      break;
    case 'd k':
      updateSearch({ kiosk: search.has('kiosk') ? undefined : 'true' });
      break;
    case 't z':
      updateSearch(windowToUrl(zoomOutWindow(shown)));
      break;
    case 't ArrowLeft':
      updateSearch(windowToUrl(moveWindow(shown, 'back', Date.now())));
      break;
    case 't ArrowRight':
      updateSearch(windowToUrl(moveWindow(shown, 'forward', Date.now())));
      break;
    default:
  }
}

/** A key that means something by itself; true when it did. */
function single(key: string, search: URLSearchParams): boolean {
  if (key === 'Escape') {
    if (search.has('viewPanel')) updateSearch({ viewPanel: undefined });
    else if (search.has('kiosk')) updateSearch({ kiosk: undefined });
    return true;
  }
  const panel = focusedKey();
  if (key === 'v') {
    if (search.has('viewPanel')) updateSearch({ viewPanel: undefined });
    else if (panel) updateSearch({ viewPanel: panel });
    return true;
  }
  if (!panel || (key !== 'e' && key !== 'i')) return false;
  updateSearch(key === 'e' ? { editPanel: panel } : { inspect: panel });
  return true;
}

export function useShortcuts(actions: Actions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let first = '';
    let firstAt = -Infinity;
    const press = (event: KeyboardEvent): void => {
      const { onSave } = latest.current;
      if ((event.ctrlKey || event.metaKey) && event.key === 's' && onSave) {
        event.preventDefault();
        onSave();
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const search = new URLSearchParams(window.location.search);
      const isSecond = event.timeStamp - firstAt < SEQUENCE_MS && (first === 'd' || first === 't' || first === 'g');
      if (isSecond) second(first, event.key, search, latest.current);
      else if (single(event.key, search)) return;
      first = isSecond ? '' : event.key;
      firstAt = event.timeStamp;
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
