// One condition on a label: label, operator, value or several of them.
import { Combobox, IconButton, MultiCombobox } from '@narthex/vizkit';
import { useId } from 'react';

import { asOption, type Offer } from './useCompletion';

export interface Condition {
  label: string;
  op: string;
  values: string[];
}

interface FilterRowProps {
  condition: Condition;
  ops: readonly string[];
  /** The operator takes several values. */
  isMulti: boolean;
  labels: Offer;
  values: Offer;
  /** What is not offered may be typed. */
  allowsCustom?: boolean;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

function Values({ condition, isMulti, values: offered, allowsCustom = true, onChange }: FilterRowProps) {
  const id = useId();
  const { label, values } = condition;
  const named = label || 'new filter';
  if (!isMulti) {
    const [value = ''] = values;
    return (
      <Combobox
        aria-label={`Value of ${named}`}
        placeholder="Value"
        options={offered}
        value={value ? asOption(value) : null}
        createCustomValue={allowsCustom}
        width="auto"
        minWidth={14}
        onChange={(one) => onChange({ ...condition, values: [one.value] })}
      />
    );
  }
  return (
    <>
      <label className="sr-only" htmlFor={id}>
        Values of {named}
      </label>
      <MultiCombobox
        id={id}
        placeholder="Values"
        options={offered}
        value={values.filter((one) => one !== '').map(asOption)}
        createCustomValue={allowsCustom}
        width="auto"
        minWidth={24}
        onChange={(all) => onChange({ ...condition, values: all.map((one) => one.value) })}
      />
    </>
  );
}

export function FilterRow(props: FilterRowProps) {
  const { condition, ops, labels, allowsCustom = true, onChange, onRemove } = props;
  const { label, op } = condition;
  const named = label || 'new filter';
  return (
    <div className="builder-filter" role="group" aria-label={`Filter ${named}`}>
      <Combobox
        aria-label={label ? `Label of filter ${label}` : 'Label'}
        placeholder="Label"
        options={labels}
        value={label ? asOption(label) : null}
        createCustomValue={allowsCustom}
        width="auto"
        minWidth={12}
        onChange={(one) => onChange({ ...condition, label: one.value, values: one.value === label ? condition.values : [] })}
      />
      <Combobox aria-label={`Operator of ${named}`} options={ops.map(asOption)} value={op} width={10} onChange={(one) => onChange({ ...condition, op: one.value })} />
      <Values {...props} />
      <IconButton name="times" tooltip={`Remove filter ${named}`} onClick={onRemove} />
    </div>
  );
}
