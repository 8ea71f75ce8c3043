// Rows of a form that edits JSON by path: what a table of options describes becomes controls.
import { valueAt, withValue, type AnyRecord } from '@narthex/dashmodel';
import { number, text } from '@narthex/dashmodel/json';
import { Combobox, Field, InlineSwitch, MultiCombobox } from '@narthex/vizkit';
import { useId } from 'react';

import { ColorField } from './ColorField';
import { Draft } from './Draft';
import { TagsField } from './TagsField';
import { UnitField } from './UnitField';

export type OptionKind = 'text' | 'number' | 'switch' | 'choice' | 'choices' | 'lines' | 'json' | 'unit' | 'color' | 'tags';

export interface OptionSpec {
  path: string;
  label: string;
  kind: OptionKind;
  choices?: ReadonlyArray<readonly [value: string, label: string]>;
  /** The file has a number where the choice is one of its texts. */
  isNumeric?: boolean;
  fallback?: unknown;
  hint?: string;
}

interface ControlProps {
  id: string;
  spec: OptionSpec;
  value: unknown;
  onChange: (value: unknown) => void;
}

function parsed(draft: string): unknown {
  try {
    const value: unknown = JSON.parse(draft);
    return value;
  } catch {
    return draft;
  }
}

export function OptionControl({ id, spec, value, onChange }: ControlProps) {
  const shown = value ?? spec.fallback;
  const choices = (spec.choices ?? []).map(([one, label]) => ({ value: one, label }));
  switch (spec.kind) {
    case 'switch':
      return <InlineSwitch id={id} value={shown === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'choice':
      // An empty value is a choice of its own where there is one: the usual zone, no repetition.
      return <Combobox id={id} options={choices} value={choices.some((one) => one.value === text(shown)) ? text(shown) : text(shown) || null} onChange={(chosen) => onChange(spec.isNumeric ? Number(chosen.value) : chosen.value)} />;
    case 'choices':
      return (
        <MultiCombobox id={id} options={choices} value={Array.isArray(shown) ? shown.map((one) => text(one)) : []} onChange={(chosen) => onChange(chosen.map((one) => one.value))} />
      );
    case 'unit':
      return <UnitField id={id} value={text(shown)} onChange={onChange} />;
    case 'color':
      return <ColorField id={id} value={text(shown)} onChange={onChange} />;
    case 'tags':
      return <TagsField id={id} value={shown} onChange={onChange} />;
    case 'number':
      return <Draft id={id} isNumber value={number(shown)?.toString() ?? ''} placeholder="Auto" onCommit={(draft) => onChange(draft === '' ? undefined : Number(draft))} />;
    case 'json':
      return <Draft id={id} isLong value={shown === undefined ? '' : JSON.stringify(shown, null, 1)} onCommit={(draft) => onChange(draft === '' ? undefined : parsed(draft))} />;
    default:
      return <Draft id={id} isLong={spec.kind === 'lines'} value={text(shown)} onCommit={(draft) => onChange(draft === '' ? undefined : draft)} />;
  }
}

interface FormProps {
  root: AnyRecord;
  specs: readonly OptionSpec[];
  onChange: (root: AnyRecord) => void;
}

export function OptionForm({ root, specs, onChange }: FormProps) {
  const prefix = useId();
  return specs.map((spec) => {
    const id = `${prefix}-${spec.path}`;
    return (
      <Field key={spec.path} label={spec.label} htmlFor={id} noMargin className="option-field" {...(spec.hint ? { description: spec.hint } : {})}>
        <OptionControl id={id} spec={spec} value={valueAt(root, spec.path)} onChange={(value) => onChange(withValue(root, spec.path, value))} />
      </Field>
    );
  });
}
