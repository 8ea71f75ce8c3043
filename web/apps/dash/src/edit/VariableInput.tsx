// A line of text that completes names of variables: after a `$` they are listed below it.
import { Input } from '@narthex/vizkit';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';

import { begunAt, completed, offered, type LinkVariable } from './link_variables';

interface VariableInputProps {
  id: string;
  label: string;
  value: string;
  placeholder: string;
  variables: readonly LinkVariable[];
  onCommit: (value: string) => void;
}

// A list longer than this is narrowed down by typing on.
const SHOWN_MAX = 40;

interface OfferedProps {
  id: string;
  label: string;
  list: readonly LinkVariable[];
  active: number;
  onTake: (chosen: LinkVariable) => void;
}

function Offered({ id, label, list, active, onTake }: OfferedProps) {
  return (
    <div id={id} role="listbox" aria-label={`Variables for ${label}`}>
      {list.map((one, index) => (
        <div
          key={one.text}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onMouseDown={(event) => {
            // The field keeps the focus.
            event.preventDefault();
            onTake(one);
          }}
        >
          <code>{one.text}</code> <small>{one.meaning}</small>
        </div>
      ))}
    </div>
  );
}

export function VariableInput({ id, label, value, placeholder, variables, onCommit }: VariableInputProps) {
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const [caret, setCaret] = useState<number>();
  const [at, setAt] = useState(0);
  useEffect(() => setDraft(value), [value]);
  const begun = caret === undefined ? undefined : begunAt(draft, caret);
  const list = begun ? offered(variables, begun.word).slice(0, SHOWN_MAX) : [];
  const isOpen = list.length > 0;
  const active = Math.min(at, list.length - 1);
  const commit = (text: string): void => {
    setCaret(undefined);
    if (text !== value) onCommit(text);
  };
  const take = (chosen: LinkVariable): void => {
    const next = completed(draft, caret ?? draft.length, chosen.text);
    setDraft(next.text);
    setCaret(undefined);
    // Behind what was put in, once it is there.
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  };
  const press = (event: KeyboardEvent): void => {
    const chosen = list[active];
    if (!isOpen || !chosen) {
      if (event.key === 'Enter') commit(draft);
      return;
    }
    if (event.key === 'ArrowDown') setAt((active + 1) % list.length);
    else if (event.key === 'ArrowUp') setAt((active + list.length - 1) % list.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(chosen);
    else if (event.key === 'Escape') setCaret(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="variable-input">
      <Input
        ref={input}
        id={id}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        {...(isOpen ? { 'aria-activedescendant': `${listId}-${active}` } : {})}
        autoComplete="off"
        placeholder={placeholder}
        value={draft}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart ?? undefined);
          setAt(0);
        }}
        onKeyDown={press}
        onBlur={() => commit(draft)}
      />
      {isOpen && <Offered id={listId} label={label} list={list} active={active} onTake={take} />}
    </div>
  );
}
