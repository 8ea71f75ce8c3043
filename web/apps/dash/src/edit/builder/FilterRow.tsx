// One condition on a label: label, operator, value.
import type { BuilderQuery, Matcher } from '@narthex/promql-tree';
import { Combobox, IconButton, MultiCombobox } from '@narthex/vizkit';
import { useId } from 'react';

import { asOption, type Completion } from './useCompletion';

export const MATCH_OPS: Array<{ value: Matcher['op']; label: string }> = [
  { value: '=', label: '=' },
  { value: '!=', label: '!=' },
  { value: '=~', label: '=~' },
  { value: '!~', label: '!~' },
];

/** A pattern that is a plain choice between values, as its values. */
const choiceOf = (pattern: string): string[] | undefined => (/[()[\]{}]/.test(pattern.replace(/\$\{[^}]*\}/g, '')) ? undefined : pattern.split('|').filter((one) => one !== ''));

interface FilterRowProps {
  query: BuilderQuery;
  matcher: Matcher;
  completion: Completion;
  onChange: (matcher: Matcher) => void;
  onRemove: () => void;
}

export function FilterRow({ query, matcher, completion, onChange, onRemove }: FilterRowProps) {
  const id = useId();
  const { label, op, value } = matcher;
  const isPattern = op === '=~' || op === '!~';
  const chosen = isPattern ? choiceOf(value) : undefined;
  const offered = completion.valueOptions(query, matcher);
  const named = label || 'new filter';
  return (
    <div className="builder-filter" role="group" aria-label={`Filter ${named}`}>
      <Combobox
        aria-label="Label"
        placeholder="Label"
        options={completion.labelOptions(query)}
        value={label ? asOption(label) : null}
        createCustomValue
        width="auto"
        minWidth={14}
        onChange={(one) => onChange({ ...matcher, label: one.value })}
      />
      <Combobox aria-label={`Operator of ${named}`} options={MATCH_OPS} value={op} width={10} onChange={(one) => onChange({ ...matcher, op: one.value })} />
      {chosen && (
        <label className="sr-only" htmlFor={id}>
          Values of {named}
        </label>
      )}
      {chosen ? (
        <MultiCombobox
          id={id}
          placeholder="Values"
          options={offered}
          value={chosen.map(asOption)}
          createCustomValue
          width="auto"
          minWidth={16}
          onChange={(all) => onChange({ ...matcher, value: all.map((one) => one.value).join('|') })}
        />
      ) : (
        <Combobox
          aria-label={`Value of ${named}`}
          placeholder="Value"
          options={offered}
          value={value ? asOption(value) : null}
          createCustomValue
          width="auto"
          minWidth={16}
          onChange={(one) => onChange({ ...matcher, value: one.value })}
        />
      )}
      <IconButton name="times" tooltip={`Remove filter ${named}`} onClick={onRemove} />
    </div>
  );
}
