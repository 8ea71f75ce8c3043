// A field of text that is one change when it is left. Apart from the forms, which whoever only looks does not need.
import { Input, TextArea } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

interface DraftProps {
  id: string;
  value: string;
  isNumber?: boolean;
  isLong?: boolean;
  placeholder?: string;
  /** For fields that no label element names. */
  label?: string;
  onCommit: (value: string) => void;
}

/** Text that counts when the field is left or Enter is pressed: one step to undo, not one for each letter. */
export function Draft({ id, value, isNumber = false, isLong = false, placeholder, label, onCommit }: DraftProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = (): void => {
    if (draft !== value) onCommit(draft);
  };
  if (isLong) {
    return <TextArea id={id} rows={6} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} onBlur={commit} />;
  }
  return (
    <Input
      id={id}
      {...(isNumber ? { type: 'number' as const } : {})}
      {...(placeholder ? { placeholder } : {})}
      {...(label ? { 'aria-label': label } : {})}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
