// The variables a person can set, above the panels.
import { ALL_VALUE, type Variable, type VariableValue } from '@narthex/vars';
import { Combobox, IconButton, InlineSwitch, Input, MultiCombobox, type ComboboxOption } from '@narthex/vizkit';
import { lazy, Suspense, useEffect, useState } from 'react';

import { updateSearch } from '../router/location';

const ALL: ComboboxOption = { label: 'All', value: ALL_VALUE };

function optionsOf(variable: Variable): ComboboxOption[] {
  const options = variable.options.map(({ text, value }) => ({ label: text, value }));
  const known = new Set(options.map(({ value }) => value));
  const extra = [variable.value].flat().filter((value) => value !== ALL_VALUE && value !== '' && !known.has(value));
  const all = [...options, ...extra.map((value) => ({ label: value, value }))];
  return variable.includeAll ? [ALL, ...all] : all;
}

function set(variable: Variable, value: VariableValue): void {
  updateSearch({ [`var-${variable.name}`]: value });
}

/** All and single values exclude each other: the one chosen last stays. */
function multiValue(before: readonly string[], chosen: string[]): string[] {
  if (!chosen.includes(ALL_VALUE)) return chosen;
  return before.includes(ALL_VALUE) ? chosen.filter((value) => value !== ALL_VALUE) : [ALL_VALUE];
}

function TextVariable({ variable, id }: { variable: Variable; id: string }) {
  const value = [variable.value].flat().join(',');
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = (): void => {
    if (draft !== value) set(variable, draft);
  };
  return (
    <Input
      id={id}
      width={16}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

// What completes labels and values is loaded for dashboards with filters alone.
const AdhocControl = lazy(() => import('./AdhocControl').then((module) => ({ default: module.AdhocControl })));
const GroupByControl = lazy(() => import('./AdhocControl').then((module) => ({ default: module.GroupByControl })));

/** Its first choice is on, its second off. */
function SwitchVariable({ variable, id }: { variable: Variable; id: string }) {
  const [on, off] = variable.options;
  const isOn = [variable.value].flat()[0] === on?.value;
  return <InlineSwitch id={id} value={isOn} onChange={(event) => set(variable, (event.currentTarget.checked ? on : off)?.value ?? '')} />;
}

function Control({ variable, id }: { variable: Variable; id: string }) {
  if (variable.type === 'textbox') return <TextVariable variable={variable} id={id} />;
  if (variable.type === 'adhoc') return <AdhocControl variable={variable} />;
  if (variable.type === 'groupby') return <GroupByControl variable={variable} id={id} />;
  if (variable.type === 'switch') return <SwitchVariable variable={variable} id={id} />;
  const options = optionsOf(variable);
  const values = [variable.value].flat();
  if (variable.multi) {
    return (
      <MultiCombobox
        id={id}
        options={options}
        value={values}
        createCustomValue={takesCustom(variable)}
        width="auto"
        minWidth={12}
        onChange={(chosen) => set(variable, multiValue(values, chosen.map(({ value }) => value)))}
      />
    );
  }
  return (
    <Combobox
      id={id}
      options={options}
      value={values[0] ?? null}
      createCustomValue={takesCustom(variable)}
      width="auto"
      minWidth={12}
      onChange={({ value }) => set(variable, value)}
    />
  );
}

const SHOWN_TYPES = new Set(['query', 'custom', 'interval', 'textbox', 'datasource', 'switch', 'adhoc', 'groupby']);
const takesCustom = ({ type, allowsCustom }: Variable): boolean => allowsCustom && (type === 'query' || type === 'custom');

const IN_MENU = 3;

/** Those that a person can set: above the panels, or in the menu of controls. */
export const settable = (variables: readonly Variable[], isInMenu: boolean): Variable[] => variables.filter(({ hide, type }) => hide !== 2 && SHOWN_TYPES.has(type) && (hide === IN_MENU) === isInMenu);

export function VariableBar({ variables, errors }: { variables: readonly Variable[]; errors: ReadonlyMap<string, string> }) {
  if (variables.length === 0) return null;
  return (
    <div className="variables" role="group" aria-label="Variables">
      {variables.map((variable) => {
        const id = `var-${variable.name}`;
        const error = errors.get(variable.name);
        return (
          <div key={variable.name} className={error ? 'variable variable-error' : 'variable'} title={error}>
            <label {...(variable.type === 'adhoc' ? {} : { htmlFor: id })} className={variable.hide === 1 ? 'sr-only' : ''} data-testid={`data-testid Dashboard template variables submenu Label ${variable.label}`}>
              {variable.label}
            </label>
            {variable.description !== '' && (
              <span className="variable-about">
                <IconButton name="info-circle" size="sm" tooltip={variable.description} />
              </span>
            )}
            <Suspense fallback={null}>
              <Control variable={variable} id={id} />
            </Suspense>
          </div>
        );
      })}
    </div>
  );
}
