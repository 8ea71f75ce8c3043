// Marks that a person makes on the panels of a dashboard: the one under way, and when to ask for all of them anew.
import type { PanelMark } from '@narthex/panels';
import { useCallback, useMemo, useState } from 'react';

export interface AnnotationDraft {
  /** Of one that is changed; undefined for a new one. */
  id: number | undefined;
  panelId: number;
  fromMs: number;
  toMs: number;
  text: string;
  tags: readonly string[];
}

export interface Annotating {
  draft: AnnotationDraft | undefined;
  /** Another number when the stored marks have changed. */
  revision: number;
  /** Undefined where the person may not. */
  begin: ((panelId: number, mark: Pick<PanelMark, 'fromMs' | 'toMs'> & Partial<PanelMark>) => void) | undefined;
  /** `isChanged` says whether there is something new to see. */
  end: (isChanged: boolean) => void;
}

/** Marks belong to a dashboard that is stored; who may change it may set them. */
export function useAnnotating(mayAnnotate: boolean): Annotating {
  const [draft, setDraft] = useState<AnnotationDraft>();
  const [revision, setRevision] = useState(0);
  const begin = useCallback<NonNullable<Annotating['begin']>>((panelId, { id, fromMs, toMs, text = '', tags = [] }) => setDraft({ id, panelId, fromMs, toMs, text, tags }), []);
  const end = useCallback((isChanged: boolean) => {
    setDraft(undefined);
    if (isChanged) setRevision((before) => before + 1);
  }, []);
  return useMemo(() => ({ draft, revision, begin: mayAnnotate ? begin : undefined, end }), [draft, revision, mayAnnotate, begin, end]);
}
