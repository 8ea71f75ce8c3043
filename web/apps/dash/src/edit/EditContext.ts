// The dashboard under edit, for whatever changes it.
import type { AnyRecord } from '@narthex/dashmodel';
import { createContext, useContext } from 'react';

export interface Editing {
  json: AnyRecord;
  /** As it was last stored. */
  saved: AnyRecord;
  isEditing: boolean;
  isDirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  change: (json: AnyRecord) => void;
  undo: () => void;
  redo: () => void;
  discard: () => void;
  markSaved: (json: AnyRecord) => void;
}

export const EditContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditContext);
  if (!editing) throw new Error('useEditing outside of a dashboard');
  return editing;
}
