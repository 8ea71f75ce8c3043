// The field for an expression. A plain text area until the code editor has arrived, then that.
import { Button } from '@mantine/core';
import { usePromqlEditor } from '@narthex/promql-editor';

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

export function ExpressionInput({ label, text, history, isFetching, onChange, onExecute }: ExpressionInputProps) {
  const { host, plain, isReady } = usePromqlEditor({ text, label, placeholder: PLACEHOLDER, apiUrl, hasVariables: false, history: () => history, onChange, onExecute });
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
