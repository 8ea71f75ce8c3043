// The dashboard under edit, for whatever changes it.
import type { AnyRecord, LibraryElement } from '@narthex/dashmodel';
import { createContext, useContext } from 'react';

export interface Editing {
  json: AnyRecord;
  /** As it was last stored. */
  saved: AnyRecord;
  /** The library panels that the dashboard shows, by their uid, as they are under edit. */
  library: ReadonlyMap<string, LibraryElement>;
  /** The same ones as the library has them. */
  shelf: ReadonlyMap<string, LibraryElement>;
  /** Those that differ, by their uid. */
  models: Readonly<Record<string, AnyRecord>>;
  isEditing: boolean;
  isDirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** `models` are library panels that are changed with it. */
  change: (json: AnyRecord, models?: Readonly<Record<string, AnyRecord>>) => void;
  undo: () => void;
  redo: () => void;
  discard: () => void;
  markSaved: (json: AnyRecord) => void;
  /** What the library has of a panel from now on. */
  learn: (element: LibraryElement) => void;
}

export const EditContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditContext);
  if (!editing) throw new Error('useEditing outside of a dashboard');
  return editing;
}
