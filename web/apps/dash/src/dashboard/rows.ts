// Whether a row is folded: as the file says, until somebody turns it.
import { foldRow, type Panel } from '@narthex/dashmodel';
import { useEffect, useState } from 'react';

import { useEditing } from '../edit/EditContext';

const TURN = 'narthex:rows';

/** All rows of the dashboard at once, which is no change of it. */
export const turnRows = (how: 'expand' | 'collapse'): void => void window.dispatchEvent(new CustomEvent(TURN, { detail: how }));

export const isCopy = ({ key, id }: Panel): boolean => key !== String(id);

/** Under edit, to turn a row is a change of the dashboard; else, and of a copy, only of what is seen. */
export function useFolding(row: Panel | undefined): { isCollapsed: boolean; toggle: () => void } {
  const { json, isEditing, change } = useEditing();
  const stored = row?.collapsed ?? false;
  // What was turned counts until the file says something else: by an edit, or by its being undone.
  const [turned, setTurned] = useState({ stored, isCollapsed: stored });
  const isCollapsed = turned.stored === stored ? turned.isCollapsed : stored;
  useEffect(() => {
    const turn = (event: Event): void => {
      if (event instanceof CustomEvent) setTurned({ stored, isCollapsed: event.detail === 'collapse' });
    };
    window.addEventListener(TURN, turn);
    return () => window.removeEventListener(TURN, turn);
  }, [stored]);
  const toggle = (): void => {
    if (row && isEditing && !isCopy(row)) change(foldRow(json, row.id, !isCollapsed));
    setTurned({ stored, isCollapsed: !isCollapsed });
  };
  return { isCollapsed, toggle };
}
