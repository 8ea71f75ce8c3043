// A field of text that is one change when it is left. Apart from the forms, which whoever only looks does not need.
import { Input, TextArea } from '@narthex/vizkit';
import { useEffect, useState, type ChangeEvent } from 'react';

import type { Check } from './checks';

interface DraftProps {
  id: string;
  value: string;
  isNumber?: boolean;
  isLong?: boolean;
  placeholder?: string;
  /** For fields that no label element names. */
  label?: string;
  /** A text with a problem stays in the field, with the problem under it, and does not count. */
  check?: Check;
  /** What to say of a text that does count, but not as it was written. */
  note?: Check;
  onCommit: (value: string) => void;
}

/** Text that counts when the field is left or Enter is pressed: one step to undo, not one for each letter. */
export function Draft({ id, value, isNumber = false, isLong = false, placeholder, label, check, note, onCommit }: DraftProps) {
  const [draft, setDraft] = useState(value);
  const [said, setSaid] = useState<{ text: string; isProblem: boolean }>();
  useEffect(() => setDraft(value), [value]);
  const commit = (): void => {
    if (draft === value) return;
    const problem = check?.(draft);
    const noted = note?.(draft);
    const told = problem ?? noted;
    setSaid(told === undefined ? undefined : { text: told, isProblem: problem !== undefined });
    if (problem !== undefined) return;
    // What was written may be what was there in other words: the field shows what counts.
    setDraft(value);
    onCommit(draft);
  };
  const field = {
    id,
    value: draft,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
      setDraft(event.currentTarget.value);
      setSaid(undefined);
    },
    onBlur: commit,
    invalid: said?.isProblem === true,
    ...(placeholder ? { placeholder } : {}),
    ...(label ? { 'aria-label': label } : {}),
    ...(said ? { 'aria-describedby': `${id}-said`, 'aria-invalid': said.isProblem } : {}),
  };
  const control = isLong ? <TextArea rows={6} {...field} /> : <Input {...(isNumber ? { type: 'number' as const } : {})} {...field} onKeyDown={(event) => event.key === 'Enter' && commit()} />;
  if (!check && !note) return control;
  return (
    <div className="draft">
      {control}
      {said && (
        <p id={`${id}-said`} role="alert" className={`draft-said${said.isProblem ? ' is-problem' : ''}`}>
          {said.text}
        </p>
      )}
    </div>
  );
}
