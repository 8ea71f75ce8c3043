// Holds the steps of an edit, listens to undo and redo, and warns before changes are lost.
import type { AnyRecord } from '@narthex/dashmodel';
import { base } from '@narthex/grafanaapi';
import { useCallback, useEffect, useMemo, useState } from 'react';

import { setLeaveGuard } from '../router/location';
import type { Editing } from './EditContext';
import { begin, changed, isDirty, redone, stored, undone } from './history';

const QUESTION = 'There are changes that are not saved. Leave them?';

function useGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    const path = window.location.pathname;
    // Within the dashboard - its panels, its settings - one may move about.
    setLeaveGuard((to) => new URL(base.add(to), window.location.href).pathname === path || window.confirm(QUESTION));
    return () => {
      window.removeEventListener('beforeunload', warn);
      setLeaveGuard(undefined);
    };
  }, [dirty]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function useHistory(source: AnyRecord, isEditing: boolean): Editing {
  const [history, setHistory] = useState(() => begin(source));
  const undo = useCallback(() => setHistory(undone), []);
  const redo = useCallback(() => setHistory(redone), []);
  const change = useCallback((json: AnyRecord) => setHistory((before) => changed(before, json)), []);
  const discard = useCallback(() => setHistory((before) => changed(before, before.saved)), []);
  const markSaved = useCallback((json: AnyRecord) => setHistory((before) => stored(before, json)), []);
  const dirty = useMemo(() => isDirty(history), [history]);
  useGuard(dirty);
  useEffect(() => {
    if (!isEditing) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === 'z') (event.shiftKey ? redo : undo)();
      else if (key === 'y') redo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [isEditing, undo, redo]);
  return useMemo(
    () => ({
      json: history.now,
      saved: history.saved,
      isEditing,
      isDirty: dirty,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      change,
      undo,
      redo,
      discard,
      markSaved,
    }),
    [history, isEditing, dirty, change, undo, redo, discard, markSaved],
  );
}
