// The editor in a React component: a plain text area stands in its place until its code has arrived.
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

import type { PromqlEditor, PromqlEditorOptions } from './editor';

export type PromqlFieldOptions = Omit<PromqlEditorOptions, 'parent'>;

export interface PromqlFieldRefs {
  /** The element that the editor is to be mounted into. */
  host: RefObject<HTMLDivElement | null>;
  /** The text area to show until then; the editor takes over its focus. */
  plain: RefObject<HTMLTextAreaElement | null>;
  isReady: boolean;
}

/** A change of `apiUrl` mounts a new editor; everything else may differ with each rendering. */
export function usePromqlEditor(options: PromqlFieldOptions): PromqlFieldRefs {
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<PromqlEditor>(undefined);
  const [isReady, setReady] = useState(false);
  // The editor lives longer than one rendering and has to call the newest handlers.
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });
  const { apiUrl, text } = options;
  useEffect(() => {
    let isGone = false;
    void import('./editor').then(({ mountPromqlEditor }) => {
      if (isGone || host.current === null) return;
      const hadFocus = document.activeElement === plain.current;
      const { text: begun, placeholder, label, hasVariables } = latest.current;
      editor.current = mountPromqlEditor({
        parent: host.current,
        text: begun,
        placeholder,
        label,
        apiUrl,
        hasVariables,
        history: () => latest.current.history(),
        onChange: (changed) => latest.current.onChange(changed),
        onExecute: (changed) => latest.current.onExecute(changed),
      });
      setReady(true);
      if (hadFocus) editor.current.focus();
    });
    return () => {
      isGone = true;
      editor.current?.destroy();
      editor.current = undefined;
      setReady(false);
    };
  }, [apiUrl]);
  useEffect(() => editor.current?.setText(text), [text]);
  return { host, plain, isReady };
}
