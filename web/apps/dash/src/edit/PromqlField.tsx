// The field for an expression: a plain text area until the editor's code has arrived, then that.
import type { PromqlEditor } from '@narthex/promql-editor';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

interface PromqlFieldProps {
  label: string;
  text: string;
  sourceUid: string;
  onChange: (text: string) => void;
  onExecute: (text: string) => void;
}

const NO_HISTORY: readonly string[] = [];

export function PromqlField(props: PromqlFieldProps) {
  const { label, text, sourceUid, onChange, onExecute } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<PromqlEditor>(undefined);
  const [isReady, setReady] = useState(false);
  // The editor lives longer than one rendering and has to call the newest handlers.
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    let isGone = false;
    void import('@narthex/promql-editor').then(({ mountPromqlEditor }) => {
      if (isGone || host.current === null) return;
      editor.current = mountPromqlEditor({
        parent: host.current,
        text: latest.current.text,
        placeholder: 'Enter a PromQL query',
        label: latest.current.label,
        apiUrl: `/api/datasources/uid/${encodeURIComponent(sourceUid)}/resources`,
        history: () => NO_HISTORY,
        onChange: (changed) => latest.current.onChange(changed),
        onExecute: (changed) => latest.current.onExecute(changed),
      });
      setReady(true);
    });
    return () => {
      isGone = true;
      editor.current?.destroy();
      editor.current = undefined;
      setReady(false);
    };
  }, [sourceUid]);
  useEffect(() => editor.current?.setText(text), [text]);
  return (
    <div className="promql-field">
      <div ref={host} />
      {!isReady && <textarea aria-label={label} rows={2} spellCheck={false} value={text} onChange={(event) => onChange(event.currentTarget.value)} onBlur={(event) => onExecute(event.currentTarget.value)} />}
    </div>
  );
}
