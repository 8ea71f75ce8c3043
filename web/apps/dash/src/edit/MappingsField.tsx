// Values that are shown as a text, in a colour.
import type { AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { Button, Combobox, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { ColorField } from './ColorField';
import { Draft } from './Draft';
import { freshMapping, mappingRows, mappingsJson, type Mapping, type MappingKind } from './mappings';

const KINDS: Array<{ value: MappingKind; label: string }> = [
  { value: 'value', label: 'Value' },
  { value: 'range', label: 'Range' },
  { value: 'regex', label: 'Regex' },
  { value: 'special', label: 'Special' },
];
const SPECIALS = [
  { value: 'null', label: 'Null' },
  { value: 'nan', label: 'NaN' },
  { value: 'null+nan', label: 'Null + NaN' },
  { value: 'true', label: 'True' },
  { value: 'false', label: 'False' },
  { value: 'empty', label: 'Empty' },
];

interface PartProps {
  id: string;
  row: Mapping;
  onChange: (change: Partial<Mapping>) => void;
}

const numberIn = (draft: string): number | null => (draft.trim() === '' || Number.isNaN(Number(draft)) ? null : Number(draft));

function Match({ id, row, onChange }: PartProps) {
  const { kind, match, from, to } = row;
  if (kind === 'special') return <Combobox aria-label="Special value" options={SPECIALS} value={match} onChange={({ value }) => onChange({ match: value })} />;
  if (kind === 'range') {
    return (
      <div className="option-row">
        <Draft id={`${id}-from`} label="From" isNumber placeholder="From" value={from === null ? '' : String(from)} onCommit={(draft) => onChange({ from: numberIn(draft) })} />
        <Draft id={`${id}-to`} label="To" isNumber placeholder="To" value={to === null ? '' : String(to)} onCommit={(draft) => onChange({ to: numberIn(draft) })} />
      </div>
    );
  }
  return <Draft id={`${id}-match`} label="Value to map" value={match} placeholder={kind === 'regex' ? '/^node-(\\d+)$/' : 'Value'} onCommit={(next) => onChange({ match: next })} />;
}

function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(from + by, 0, one);
  return next;
}

export function MappingsField({ mappings, onChange }: { mappings: unknown; onChange: (mappings: AnyRecord[]) => void }) {
  // Overrides have mappings of their own on the same page.
  const id = useId();
  const rows = mappingRows(mappings);
  const set = (next: Mapping[]): void => onChange(mappingsJson(next));
  const replace = (index: number, change: Partial<Mapping>): void => set(rows.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <fieldset className="option-list">
      <legend>Value mappings</legend>
      {rows.map((row, index) => (
        <div key={index} className="query mapping" role="group" aria-label={`Mapping ${index + 1}`}>
          <div className="option-row">
            <Combobox aria-label="Kind of mapping" options={KINDS} value={row.kind} width={12} onChange={({ value }) => replace(index, { ...freshMapping(value), result: row.result })} />
            <IconButton name="arrow-up" tooltip="Tried earlier" disabled={index === 0} onClick={() => set(moved(rows, index, -1))} />
            <IconButton name="arrow-down" tooltip="Tried later" disabled={index === rows.length - 1} onClick={() => set(moved(rows, index, 1))} />
            <IconButton name="trash-alt" tooltip="Remove mapping" onClick={() => set(rows.filter((_, at) => at !== index))} />
          </div>
          <Match id={`${id}-${index}`} row={row} onChange={(change) => replace(index, change)} />
          <Draft id={`${id}-${index}-text`} label="Text to show" value={text(row.result['text'])} placeholder="Text to show" onCommit={(next) => replace(index, { result: { ...row.result, text: next } })} />
          <ColorField id={`${id}-${index}-color`} label="Colour of the text" value={text(row.result['color'])} onChange={(color) => replace(index, { result: { ...row.result, color } })} />
        </div>
      ))}
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...rows, freshMapping('value')])}>
        Add mapping
      </Button>
    </fieldset>
  );
}
