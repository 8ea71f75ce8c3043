// The field for an expression: a plain text area until the editor's code has arrived, then that.
import { base } from '@narthex/grafanaapi';
import { usePromqlEditor } from '@narthex/promql-editor';

interface PromqlFieldProps {
  label: string;
  text: string;
  sourceUid: string;
  onChange: (text: string) => void;
  onExecute: (text: string) => void;
}

const NO_HISTORY: readonly string[] = [];
const noHistory = (): readonly string[] => NO_HISTORY;

export function PromqlField({ label, text, sourceUid, onChange, onExecute }: PromqlFieldProps) {
  const apiUrl = base.add(`/api/datasources/uid/${encodeURIComponent(sourceUid)}/resources`);
  const { host, plain, isReady } = usePromqlEditor({ text, label, placeholder: 'Enter a PromQL query', apiUrl, hasVariables: true, history: noHistory, onChange, onExecute });
  return (
    <div className="promql-field">
      <div ref={host} />
      {!isReady && <textarea ref={plain} aria-label={label} rows={2} spellCheck={false} value={text} onChange={(event) => onChange(event.currentTarget.value)} onBlur={(event) => onExecute(event.currentTarget.value)} />}
    </div>
  );
}
