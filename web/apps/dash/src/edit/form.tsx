// Rows of a form that edits JSON by path: what a table of options describes becomes controls.
import { valueAt, withValue, type AnyRecord } from '@narthex/dashmodel';
import { number, record, text, texts } from '@narthex/dashmodel/json';
import { Combobox, Field, IconButton, InlineSwitch, MultiCombobox } from '@narthex/vizkit';
import { useId, type ReactElement } from 'react';

import { ColorSchemeField } from './ColorSchemeField';
import { jsonProblem } from './checks';
import { ConditionsField } from './ConditionsField';
import { Draft } from './Draft';
import { useFacts } from './facts';
import { GapField } from './GapField';
import { LinksField } from './LinksField';
import { MappingsField } from './MappingsField';
import { NumberField } from './NumberField';
import { differs } from './option_groups';
import type { OptionKind, OptionSpec } from './option_spec';
import { PaintField } from './PaintField';
import { ThresholdsField } from './ThresholdsField';
import { UnitField } from './UnitField';

export type { OptionKind, OptionSpec } from './option_spec';

interface ControlProps {
  id: string;
  spec: OptionSpec;
  value: unknown;
  onChange: (value: unknown) => void;
}

const asChoices = (names: readonly string[], chosen: string) => [...new Set([...names, ...(chosen === '' ? [] : [chosen])])].map((name) => ({ value: name, label: name }));

/** A name that may also be written: of a field that is not there now, of a variable to come. */
function NameControl({ id, spec, value, onChange }: ControlProps) {
  const { names, repeatable } = useFacts();
  const chosen = text(value ?? spec.fallback);
  const isField = spec.kind === 'fieldName';
  return (
    <Combobox
      id={id}
      options={asChoices(isField ? names : repeatable, chosen)}
      value={chosen || null}
      placeholder={isField ? 'Choose a field' : 'Choose a variable'}
      createCustomValue
      isClearable
      onChange={(one) => onChange(one?.value)}
    />
  );
}

/** Those that hold several things, and have a heading of their own or none. */
function WideControl({ id, spec, value, onChange }: ControlProps): ReactElement | undefined {
  switch (spec.kind) {
    case 'colorScheme':
      return <ColorSchemeField id={id} value={value} fallback={spec.fallback} isOfSeries={spec.isOfSeries === true} onChange={onChange} />;
    case 'thresholds':
      return <ThresholdsField thresholds={record(value)} onChange={onChange} />;
    case 'mappings':
      return <MappingsField mappings={value} onChange={onChange} />;
    case 'links':
    case 'panelLinks':
      return <LinksField links={value} isOfValues={spec.kind === 'links'} onChange={onChange} />;
    case 'conditions':
      return <ConditionsField conditions={value} queries={(spec.choices ?? []).map(([query]) => query)} onChange={onChange} />;
    case 'parts':
      return <OptionForm root={record(value)} specs={spec.parts ?? []} onChange={onChange} />;
    default:
      return undefined;
  }
}

const WIDE: ReadonlySet<OptionKind> = new Set(['colorScheme', 'thresholds', 'mappings', 'links', 'panelLinks', 'conditions', 'parts']);
/** Those that stand alone under a heading that says what they are. */
const ALONE: ReadonlySet<OptionKind> = new Set(['thresholds', 'mappings']);

export function OptionControl(props: ControlProps) {
  const { id, spec, value, onChange } = props;
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
    case 'tags': {
      const chosen = texts(shown);
      return <MultiCombobox id={id} createCustomValue options={[...choices, ...asChoices(chosen, '').filter(({ value: one }) => !choices.some((other) => other.value === one))]} value={chosen} onChange={(all) => onChange(all.map((one) => one.value))} />;
    }
    case 'gap':
    case 'gapFrom':
      return <GapField id={id} label={spec.label} value={shown} hasAlways={spec.kind === 'gap'} onChange={onChange} />;
    case 'number':
      return <NumberField id={id} spec={spec} value={number(shown)} onChange={onChange} />;
    case 'unit':
      return <UnitField id={id} value={text(shown)} onChange={onChange} />;
    case 'color':
      return <PaintField id={id} label={spec.label} value={text(shown)} isClearable={spec.fallback === undefined} onChange={onChange} />;
    case 'fieldName':
    case 'variable':
      return <NameControl {...props} />;
    case 'json':
      return <Draft id={id} isLong value={shown === undefined ? '' : JSON.stringify(shown, null, 1)} check={jsonProblem} onCommit={(draft) => onChange(draft === '' ? undefined : JSON.parse(draft))} />;
    case 'text':
    case 'lines':
      return <Draft id={id} isLong={spec.kind === 'lines'} value={text(shown)} {...(spec.check ? { check: spec.check } : {})} onCommit={(draft) => onChange(draft === '' ? undefined : draft)} />;
    default:
      return <WideControl {...props} />;
  }
}

interface RowProps {
  id: string;
  root: AnyRecord;
  spec: OptionSpec;
  /** Options that differ from their default are marked, with a way back. */
  isMarked: boolean;
  onChange: (root: AnyRecord) => void;
}

function Row({ id, root, spec, isMarked, onChange }: RowProps) {
  const { path, label, hint, kind } = spec;
  const set = (value: unknown): void => onChange(withValue(root, path, value));
  const control = <OptionControl id={id} spec={spec} value={valueAt(root, path)} onChange={set} />;
  const isChanged = isMarked && differs(root, spec);
  const row = WIDE.has(kind) ? (
    <div className="option-field" role="group" aria-label={label}>
      {!ALONE.has(kind) && <div className="option-name">{label}</div>}
      {hint && <p className="option-hint">{hint}</p>}
      {control}
    </div>
  ) : (
    <Field label={label} htmlFor={id} noMargin className="option-field" {...(hint ? { description: hint } : {})}>
      {control}
    </Field>
  );
  if (!isMarked) return row;
  return (
    <div className={`option-marked${isChanged ? ' is-changed' : ''}`}>
      {row}
      {isChanged && <IconButton className="option-reset" name="history-alt" size="sm" tooltip={`Back to the default: ${label}`} onClick={() => set(undefined)} />}
    </div>
  );
}

interface FormProps {
  root: AnyRecord;
  specs: readonly OptionSpec[];
  isMarked?: boolean;
  onChange: (root: AnyRecord) => void;
}

export function OptionForm({ root, specs, isMarked = false, onChange }: FormProps) {
  const prefix = useId();
  return specs.map((spec) => <Row key={spec.path} id={`${prefix}-${spec.path}`} root={root} spec={spec} isMarked={isMarked} onChange={onChange} />);
}
