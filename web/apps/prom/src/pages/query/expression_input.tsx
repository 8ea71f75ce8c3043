// The field for an expression. A plain text area until the code editor has arrived, then that.
import { Button } from '@mantine/core';
import type { PromqlEditor } from '@narthex/promql-editor';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import { apiUrl } from '../../shell/router';
import styles from './expression_input.module.css';

interface ExpressionInputProps {
  label: string;
  text: string;
  history: readonly string[];
  isFetching: boolean;
  onChange: (text: string) => void;
  onExecute: (text: string) => void;
}

const PLACEHOLDER = 'Enter an expression';

// Mounts the editor into `host` once its code is there; true when it took over.
function useEditor(props: ExpressionInputProps, plain: React.RefObject<HTMLTextAreaElement | null>) {
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
      const hadFocus = document.activeElement === plain.current;
      editor.current = mountPromqlEditor({
        parent: host.current,
        text: latest.current.text,
        placeholder: PLACEHOLDER,
        label: latest.current.label,
        apiUrl,
        history: () => latest.current.history,
        onChange: (text) => latest.current.onChange(text),
        onExecute: (text) => latest.current.onExecute(text),
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
  }, [plain]);

  useEffect(() => editor.current?.setText(props.text), [props.text]);
  return { host, isReady };
}

export function ExpressionInput(props: ExpressionInputProps) {
  const { label, text, isFetching, onChange, onExecute } = props;
  const plain = useRef<HTMLTextAreaElement>(null);
  const { host, isReady } = useEditor(props, plain);
  return (
    <div className={styles.row}>
      <div className={styles.field}>
        <div ref={host} className={styles.editor} />
        {!isReady && (
          <textarea
            ref={plain}
            className={styles.plain}
            aria-label={label}
            placeholder={PLACEHOLDER}
            rows={Math.max(1, text.split('\n').length)}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            value={text}
            onChange={(event) => onChange(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return;
              event.preventDefault();
              onExecute(event.currentTarget.value);
            }}
          />
        )}
      </div>
      <Button className={styles.execute} loading={isFetching} onClick={() => onExecute(text)}>
        Execute
      </Button>
    </div>
  );
}
