// Holds the steps of an edit, listens to undo and redo, and warns before changes are lost.
import { withModels, type AnyRecord, type LibraryElement } from '@narthex/dashmodel';
import { base } from '@narthex/grafanaapi';
import { useCallback, useEffect, useMemo, useState } from 'react';

import { setLeaveGuard } from '../router/location';
import type { Editing } from './EditContext';
import { begin, changed, isDirty, redone, undone } from './history';
import { changedWork, savedDashboard, savedElement, workOn } from './work';

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

interface Source {
  json: AnyRecord;
  library: ReadonlyMap<string, LibraryElement>;
}

export function useHistory(source: Source, isEditing: boolean): Editing {
  const [history, setHistory] = useState(() => begin(workOn(source.json)));
  // As the server has it: to undo a change goes back to that, and never behind it.
  const [shelf, setShelf] = useState(source.library);
  const undo = useCallback(() => setHistory(undone), []);
  const redo = useCallback(() => setHistory(redone), []);
  const change = useCallback<Editing['change']>((json, models) => setHistory((before) => changedWork(before, json, models)), []);
  const discard = useCallback(() => setHistory((before) => changed(before, before.saved)), []);
  const markSaved = useCallback((json: AnyRecord) => setHistory((before) => savedDashboard(before, json)), []);
  const learn = useCallback((element: LibraryElement) => {
    setShelf((before) => new Map([...before, [element.uid, element]]));
    setHistory((before) => savedElement(before, element));
  }, []);
  const { models } = history.now;
  const library = useMemo(() => withModels(shelf, models), [shelf, models]);
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
      json: history.now.json,
      saved: history.saved.json,
      library,
      shelf,
      models,
      isEditing,
      isDirty: dirty,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      change,
      undo,
      redo,
      discard,
      markSaved,
      learn,
    }),
    [history, library, shelf, models, isEditing, dirty, change, undo, redo, discard, markSaved, learn],
  );
}
