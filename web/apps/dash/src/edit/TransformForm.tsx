// The options of one transformation as a form; as JSON where there is none, or where one prefers it.
import { valueAt, withValue, type AnyRecord } from '@narthex/dashmodel';
import { record, records, text, texts } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, IconButton, MultiCombobox } from '@narthex/vizkit';
import { useId, useState, type ReactNode } from 'react';

import { Draft } from './Draft';
import { OptionControl, OptionForm } from './form';
import { GroupByForm } from './GroupByForm';
import { OrganizeForm } from './OrganizeForm';
import './steps.css';
import { shownSpecs, STEP_SPECS, type StepSpec } from './transform_specs';

interface ControlProps {
  id: string;
  spec: StepSpec;
  value: unknown;
  /** Names of the fields that reach the step. */
  names: readonly string[];
  onChange: (value: unknown) => void;
}

const choicesOf = (names: readonly string[], chosen: readonly string[]) => [...new Set([...names, ...chosen])].map((name) => ({ value: name, label: name }));

/** A number where the text is one: comparisons tell 5 from "5". */
function valueOf(draft: string): unknown {
  if (draft.trim() === '') return undefined;
  return Number.isNaN(Number(draft)) ? draft : Number(draft);
}

function StepControl({ id, spec, value, names, onChange }: ControlProps) {
  const { kind, ...rest } = spec;
  switch (kind) {
    case 'field': {
      const shown = text(value ?? spec.fallback) || record(record(value)['matcher'])['options'];
      const chosen = text(shown) || text(record(value)['fixed']);
      return <Combobox id={id} createCustomValue isClearable options={choicesOf(names, chosen === '' ? [] : [chosen])} value={chosen || null} placeholder="Choose" onChange={(one) => onChange(one?.value)} />;
    }
    case 'fields': {
      const chosen = texts(value);
      return <MultiCombobox id={id} createCustomValue options={choicesOf(names, chosen)} value={chosen} placeholder="All" onChange={(all) => onChange(all.map((one) => one.value))} />;
    }
    case 'value':
      return <Draft id={id} value={value === undefined ? '' : String(value)} onCommit={(draft) => onChange(valueOf(draft))} />;
    case 'rows':
      return <Rows spec={spec} rows={records(value)} names={names} onChange={onChange} />;
    default:
      return <OptionControl id={id} spec={{ ...rest, kind }} value={value} onChange={onChange} />;
  }
}

interface RowsProps {
  spec: StepSpec;
  rows: AnyRecord[];
  names: readonly string[];
  onChange: (rows: AnyRecord[]) => void;
}

function Rows({ spec, rows, names, onChange }: RowsProps) {
  return (
    <div className="step-rows">
      {rows.map((row, index) => (
        <div key={index} className="step-row" role="group" aria-label={`${spec.label} ${index + 1}`}>
          <StepFields root={row} specs={spec.rows ?? []} names={names} onChange={(next) => onChange(rows.map((one, at) => (at === index ? next : one)))} />
          <IconButton name="trash-alt" tooltip={`Remove ${spec.label.toLowerCase()} ${index + 1}`} onClick={() => onChange(rows.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="sm" icon="plus" variant="secondary" onClick={() => onChange([...rows, spec.fresh ?? {}])}>
        Add
      </Button>
    </div>
  );
}

interface FieldsProps {
  root: AnyRecord;
  specs: readonly StepSpec[];
  names: readonly string[];
  onChange: (root: AnyRecord) => void;
}

function StepFields({ root, specs, names, onChange }: FieldsProps) {
  const prefix = useId();
  return shownSpecs(specs, root).map((spec) => {
    const id = `${prefix}-${spec.path}`;
    const control = <StepControl id={id} spec={spec} value={valueAt(root, spec.path)} names={names} onChange={(value) => onChange(withValue(root, spec.path, value))} />;
    if (spec.kind === 'rows') {
      return (
        <fieldset key={spec.path} className="step-list">
          <legend>{spec.label}</legend>
          {control}
        </fieldset>
      );
    }
    return (
      <Field key={spec.path} label={spec.label} htmlFor={id} noMargin className="option-field" {...(spec.hint ? { description: spec.hint } : {})}>
        {control}
      </Field>
    );
  });
}

interface FormProps {
  id: string;
  options: AnyRecord;
  names: readonly string[];
  onChange: (options: AnyRecord) => void;
}

function formFor({ id, options, names, onChange }: FormProps): ReactNode {
  if (id === 'organize') return <OrganizeForm options={options} names={names} onChange={onChange} />;
  if (id === 'groupBy' || id === 'groupToNestedTable') return <GroupByForm options={options} names={names} onChange={onChange} />;
  const specs = STEP_SPECS[id];
  if (!specs) return undefined;
  if (specs.length === 0) return <p className="step-plain">It has no options.</p>;
  return (
    <div className="step-fields">
      <StepFields root={options} specs={specs} names={names} onChange={onChange} />
    </div>
  );
}

export function TransformForm(props: FormProps) {
  const [isJson, setIsJson] = useState(false);
  const form = isJson ? undefined : formFor(props);
  return (
    <>
      {form ?? <OptionForm root={{ options: props.options }} specs={[{ path: 'options', label: 'Options (JSON)', kind: 'json' }]} onChange={(root) => props.onChange(record(root['options']))} />}
      {(form !== undefined || isJson) && (
        <Button size="sm" fill="text" variant="secondary" className="step-mode" onClick={() => setIsJson(!isJson)}>
          {isJson ? 'As a form' : 'As JSON'}
        </Button>
      )}
    </>
  );
}
