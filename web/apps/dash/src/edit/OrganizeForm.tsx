// Organize fields: which are seen, in what order, under what names.
import type { AnyRecord } from '@narthex/dashmodel';
import { IconButton } from '@narthex/vizkit';

import { Draft } from './Draft';
import { moveField, organizedFields, renameField, toggleField } from './organize';

interface OrganizeFormProps {
  options: AnyRecord;
  names: readonly string[];
  onChange: (options: AnyRecord) => void;
}

export function OrganizeForm({ options, names, onChange }: OrganizeFormProps) {
  const fields = organizedFields(options, names);
  if (fields.length === 0) return <p className="step-plain">The fields stand here once the queries have answered.</p>;
  return (
    <ol className="step-organize">
      {fields.map(({ name, isHidden, rename }, index) => (
        <li key={name} className="step-row" aria-label={name}>
          <IconButton name={isHidden ? 'eye-slash' : 'eye'} tooltip={isHidden ? `Show ${name}` : `Hide ${name}`} onClick={() => onChange(toggleField(options, name))} />
          <IconButton name="arrow-up" tooltip={`Move ${name} up`} disabled={index === 0} onClick={() => onChange(moveField(options, names, name, -1))} />
          <IconButton name="arrow-down" tooltip={`Move ${name} down`} disabled={index === fields.length - 1} onClick={() => onChange(moveField(options, names, name, 1))} />
          <span className={isHidden ? 'step-name step-hidden' : 'step-name'}>{name}</span>
          <Draft id={`rename-${index}`} label={`New name of ${name}`} placeholder="Same name" value={rename} onCommit={(to) => onChange(renameField(options, name, to))} />
        </li>
      ))}
    </ol>
  );
}
