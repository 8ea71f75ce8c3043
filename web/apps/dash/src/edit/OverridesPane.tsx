// What some fields are shown by instead of the panel's defaults. Source: spec grafana.md, FIELD-3.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { OptionControl, type OptionSpec } from './form';
import { MatcherField } from './MatcherField';
import { describeMatcher, freshMatcher } from './matchers';
import { moved } from './moved';
import { isWanted } from './option_groups';
import { OptionSection } from './OptionSection';
import { freshProperty, propertySpecs } from './override_specs';

const NAME = 'Overrides';

interface PropertyProps {
  spec: OptionSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  onRemove: () => void;
}

function Property({ spec, value, onChange, onRemove }: PropertyProps) {
  const id = useId();
  return (
    <div className="override-property" role="group" aria-label={spec.label}>
      <div className="option-row">
        <label htmlFor={id}>{spec.label}</label>
        <IconButton name="times" tooltip={`Remove property ${spec.label}`} onClick={onRemove} />
      </div>
      <OptionControl id={id} spec={spec} value={value} onChange={onChange} />
    </div>
  );
}

interface OverrideProps {
  name: string;
  override: AnyRecord;
  specs: readonly OptionSpec[];
  onChange: (override: AnyRecord) => void;
}

function Override({ name, override, specs, onChange }: OverrideProps) {
  const matcher = record(override['matcher']);
  const list = records(override['properties']);
  const set = (properties: AnyRecord[]): void => onChange({ ...override, properties });
  const rest = specs.filter(({ path }) => !list.some(({ id }) => id === path));
  return (
    <>
      <MatcherField label={`Fields of ${name}`} matcher={matcher} onChange={(next) => onChange({ ...override, matcher: next })} />
      {list.map((property, index) => {
        const path = text(property['id']);
        const spec = specs.find((one) => one.path === path) ?? { path, label: path, kind: 'json' as const };
        return (
          <Property
            key={path}
            spec={spec}
            value={property['value']}
            onChange={(value) => set(list.map((one, at) => (at === index ? { ...one, value } : one)))}
            onRemove={() => set(list.filter((_, at) => at !== index))}
          />
        );
      })}
      <Combobox
        aria-label={`Add property to ${name}`}
        placeholder="Add override property"
        options={rest.map(({ path, label, group }) => ({ value: path, label, ...(group && group !== label ? { description: group } : {}) }))}
        value={null}
        onChange={({ value }) => {
          const spec = specs.find(({ path }) => path === value);
          if (spec) set([...list, freshProperty(spec)]);
        }}
      />
    </>
  );
}

/** Found by the fields it is for, or by what it sets. */
function isFound(override: AnyRecord, specs: readonly OptionSpec[], wanted: string): boolean {
  const who = describeMatcher(record(override['matcher']));
  const set = records(override['properties']).map(({ id }) => specs.find(({ path }) => path === id) ?? { path: text(id), label: text(id), kind: 'json' as const });
  return [...set, { path: '', label: '', kind: 'json' as const }].some((spec) => isWanted(spec, `${NAME} ${who}`, wanted));
}

interface PaneProps {
  panel: AnyRecord;
  wanted: string;
  onChange: (panel: AnyRecord) => void;
}

export function OverridesPane({ panel, wanted, onChange }: PaneProps) {
  const fieldConfig = record(panel['fieldConfig']);
  const overrides = records(fieldConfig['overrides']);
  const set = (next: AnyRecord[]): void => onChange({ ...panel, fieldConfig: { defaults: {}, ...fieldConfig, overrides: next } });
  const specs = propertySpecs(text(panel['type']));
  const shown = overrides.map((override, index) => ({ override, index })).filter(({ override }) => isFound(override, specs, wanted));
  if (wanted !== '' && shown.length === 0) return null;
  return (
    <OptionSection title={NAME} isForced={wanted !== ''} {...(overrides.length > 0 ? { badge: { count: overrides.length, title: `${overrides.length} overrides` } } : {})}>
      <ol className="queries">
        {shown.map(({ override, index }) => {
          const name = `override ${index + 1}`;
          const move = (by: number) => () => set(moved(overrides, index, by));
          return (
            <li key={index} className="query" aria-label={`Override ${index + 1}`}>
              <div className="query-head">
                <strong>Override {index + 1}</strong>
                <IconButton name="arrow-up" tooltip={`Apply ${name} earlier`} disabled={index === 0} onClick={move(-1)} />
                <IconButton name="arrow-down" tooltip={`Apply ${name} later`} disabled={index === overrides.length - 1} onClick={move(1)} />
                <IconButton name="copy" tooltip={`Duplicate ${name}`} onClick={() => set(overrides.flatMap((one, at) => (at === index ? [one, structuredClone(one)] : [one])))} />
                <IconButton name="trash-alt" tooltip={`Remove ${name}`} onClick={() => set(overrides.filter((_, at) => at !== index))} />
              </div>
              <Override name={name} override={override} specs={specs} onChange={(next) => set(overrides.map((one, at) => (at === index ? next : one)))} />
            </li>
          );
        })}
      </ol>
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...overrides, { matcher: freshMatcher('byName'), properties: [] }])}>
        Add field override
      </Button>
    </OptionSection>
  );
}
