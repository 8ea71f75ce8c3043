// What some fields are shown by instead of the panel's defaults.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { OptionControl, OptionForm } from './form';
import { LinksField } from './LinksField';
import { MappingsField } from './MappingsField';
import { MatcherField } from './MatcherField';
import { freshMatcher, freshValue, isOfSystem, matcherText, propertySpecs, type PropertySpec } from './override_specs';
import { overrideColorOptions } from './standard_specs';
import { ThresholdsField } from './ThresholdsField';
import { useFieldNames } from './useFieldNames';

interface PropertyProps {
  id: string;
  spec: PropertySpec | undefined;
  property: AnyRecord;
  onChange: (value: unknown) => void;
}

function Property({ id, spec, property, onChange }: PropertyProps) {
  const { value } = property;
  const path = text(property['id']);
  switch (spec?.kind) {
    case 'color':
      return <OptionForm root={record(value)} specs={overrideColorOptions(record(value))} onChange={onChange} />;
    case 'thresholds':
      return <ThresholdsField thresholds={record(value)} onChange={onChange} />;
    case 'mappings':
      return <MappingsField mappings={value} onChange={onChange} />;
    case 'links':
      return <LinksField legend="Data links" links={value} isOfValues onChange={onChange} />;
    case 'object':
      return <OptionForm root={record(value)} specs={spec.specs} onChange={onChange} />;
    default: {
      const [plain] = spec?.specs ?? [];
      // What no table knows is shown as it stands, and kept.
      const shown = plain ?? { path, label: path, kind: 'json' as const };
      return (
        <Field label={shown.label} htmlFor={id} noMargin className="option-field">
          <OptionControl id={id} spec={shown} value={value} onChange={onChange} />
        </Field>
      );
    }
  }
}

interface OverrideProps {
  override: AnyRecord;
  specs: readonly PropertySpec[];
  names: readonly string[];
  refIds: readonly string[];
  onChange: (override: AnyRecord) => void;
  onRemove: () => void;
}

function Override({ override, specs, names, refIds, onChange, onRemove }: OverrideProps) {
  const id = useId();
  const matcher = record(override['matcher']);
  const list = records(override['properties']);
  const set = (next: AnyRecord[]): void => onChange({ ...override, properties: next });
  const open = specs.filter((one) => !list.some((property) => property['id'] === one.id));
  return (
    <li className="query" aria-label={`Override: ${matcherText(matcher)}`}>
      <div className="query-head">
        <strong>{matcherText(matcher)}</strong>
        <IconButton name="trash-alt" tooltip="Remove override" onClick={onRemove} />
      </div>
      {isOfSystem(override) && <p className="option-hint">Made by a click in the legend.</p>}
      <MatcherField matcher={matcher} names={names} refIds={refIds} onChange={(next) => onChange({ ...override, matcher: next })} />
      {list.map((property, index) => {
        const path = text(property['id']);
        const spec = specs.find((one) => one.id === path);
        return (
          <div key={path} className="override-property" role="group" aria-label={spec?.label ?? path}>
            <Property id={`${id}-${path}`} spec={spec} property={property} onChange={(value) => set(list.map((one, at) => (at === index ? { ...one, value } : one)))} />
            <IconButton name="times" tooltip={`Remove ${spec?.label ?? path}`} onClick={() => set(list.filter((_, at) => at !== index))} />
          </div>
        );
      })}
      <Combobox
        aria-label="Add property"
        placeholder="Add a property"
        options={open.map((one) => ({ value: one.id, label: one.label }))}
        value={null}
        onChange={({ value }) => {
          const spec = specs.find((one) => one.id === value);
          set([...list, { id: value, value: spec && freshValue(spec) }]);
        }}
      />
    </li>
  );
}

export function OverridesPane({ panel, onChange }: { panel: AnyRecord; onChange: (panel: AnyRecord) => void }) {
  const fieldConfig = record(panel['fieldConfig']);
  const overrides = records(fieldConfig['overrides']);
  const names = useFieldNames(text(panel['id']));
  const refIds = records(panel['targets']).map((target) => text(target['refId']));
  const set = (next: AnyRecord[]): void => onChange({ ...panel, fieldConfig: { defaults: {}, ...fieldConfig, overrides: next } });
  const specs = propertySpecs(text(panel['type']));
  return (
    <section aria-label="Overrides" className="option-list">
      <h3>Overrides</h3>
      <ul className="queries">
        {overrides.map((override, index) => (
          <Override
            key={index}
            override={override}
            specs={specs}
            names={names}
            refIds={refIds}
            onChange={(next) => set(overrides.map((one, at) => (at === index ? next : one)))}
            onRemove={() => set(overrides.filter((_, at) => at !== index))}
          />
        ))}
      </ul>
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...overrides, { matcher: freshMatcher('byName'), properties: [] }])}>
        Add override
      </Button>
    </section>
  );
}
