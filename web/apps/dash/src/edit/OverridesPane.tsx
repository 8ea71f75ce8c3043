// What some fields are shown by instead of the panel's defaults.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { Draft } from './Draft';
import { OptionControl, type OptionSpec } from './form';
import { fieldOptions, STANDARD_OPTIONS } from './specs';

const MATCHERS = [
  { value: 'byName', label: 'Field with name' },
  { value: 'byRegexp', label: 'Fields with name matching' },
  { value: 'byType', label: 'Fields of type' },
  { value: 'byFrameRefID', label: 'Fields of query' },
];

function properties(type: string): OptionSpec[] {
  const colour: OptionSpec = { path: 'color', label: 'Colour (JSON)', kind: 'json', fallback: { mode: 'fixed', fixedColor: 'red' } };
  const more: OptionSpec[] = [colour, ...['thresholds', 'mappings'].map((path): OptionSpec => ({ path, label: `${path} (JSON)`, kind: 'json' }))];
  const standard = STANDARD_OPTIONS.filter(({ path }) => !path.startsWith('color'));
  const custom = fieldOptions(type).filter(({ path }) => !path.includes('.'));
  const objects = fieldOptions(type).filter(({ path }) => path.includes('.')).map(({ path, label }): OptionSpec => ({ path: `custom.${path.split('.')[0]}`, label: `${label} (JSON)`, kind: 'json' }));
  return [...standard, ...more, ...custom.map((spec) => ({ ...spec, path: `custom.${spec.path}` })), ...objects];
}

interface OverrideProps {
  override: AnyRecord;
  specs: readonly OptionSpec[];
  onChange: (override: AnyRecord) => void;
  onRemove: () => void;
}

function Override({ override, specs, onChange, onRemove }: OverrideProps) {
  const id = useId();
  const matcher = record(override['matcher']);
  const list = records(override['properties']);
  const set = (next: AnyRecord[]): void => onChange({ ...override, properties: next });
  const options = matcher['options'];
  return (
    <li className="query" aria-label="Override">
      <div className="option-row">
        <Combobox aria-label="Which fields" options={MATCHERS} value={text(matcher['id'], 'byName')} width={22} onChange={({ value }) => onChange({ ...override, matcher: { id: value, options: '' } })} />
        <Draft id={`${id}-match`} label="Fields to match" value={isRecord(options) ? JSON.stringify(options) : text(options)} placeholder="Name" onCommit={(next) => onChange({ ...override, matcher: { ...matcher, options: next } })} />
        <IconButton name="trash-alt" tooltip="Remove override" onClick={onRemove} />
      </div>
      {list.map((property, index) => {
        const path = text(property['id']);
        const spec = specs.find((one) => one.path === path) ?? { path, label: path, kind: 'json' as const };
        return (
          <Field key={path} label={spec.label} htmlFor={`${id}-${path}`} noMargin>
            <div className="option-row">
              <OptionControl id={`${id}-${path}`} spec={spec} value={property['value']} onChange={(value) => set(list.map((one, at) => (at === index ? { ...one, value } : one)))} />
              <IconButton name="times" tooltip="Remove property" onClick={() => set(list.filter((_, at) => at !== index))} />
            </div>
          </Field>
        );
      })}
      <Combobox
        aria-label="Add property"
        placeholder="Add a property"
        options={specs.filter(({ path }) => !list.some((one) => one['id'] === path)).map(({ path, label }) => ({ value: path, label }))}
        value={null}
        onChange={({ value }) => set([...list, { id: value, value: specs.find(({ path }) => path === value)?.fallback }])}
      />
    </li>
  );
}

export function OverridesPane({ panel, onChange }: { panel: AnyRecord; onChange: (panel: AnyRecord) => void }) {
  const fieldConfig = record(panel['fieldConfig']);
  const overrides = records(fieldConfig['overrides']);
  const set = (next: AnyRecord[]): void => onChange({ ...panel, fieldConfig: { defaults: {}, ...fieldConfig, overrides: next } });
  const specs = properties(text(panel['type']));
  return (
    <section aria-label="Overrides" className="option-list">
      <h3>Overrides</h3>
      <ul className="queries">
        {overrides.map((override, index) => (
          <Override
            key={index}
            override={override}
            specs={specs}
            onChange={(next) => set(overrides.map((one, at) => (at === index ? next : one)))}
            onRemove={() => set(overrides.filter((_, at) => at !== index))}
          />
        ))}
      </ul>
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...overrides, { matcher: { id: 'byName', options: '' }, properties: [] }])}>
        Add override
      </Button>
    </section>
  );
}
