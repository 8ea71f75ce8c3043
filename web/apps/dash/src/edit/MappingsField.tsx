// Values that are shown as a text.
import type { AnyRecord } from '@narthex/dashmodel';
import { number, record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { Draft } from './Draft';

type Kind = 'value' | 'range' | 'regex' | 'special';

interface Entry {
  kind: Kind;
  /** A value, a range as "from..to", a pattern, or the name of a special value. */
  match: string;
  result: AnyRecord;
}

const KINDS: Array<{ value: Kind; label: string }> = [
  { value: 'value', label: 'Value' },
  { value: 'range', label: 'Range' },
  { value: 'regex', label: 'Regex' },
  { value: 'special', label: 'Special' },
];

function entriesOf(mapping: AnyRecord): Entry[] {
  const options = record(mapping['options']);
  switch (mapping['type']) {
    case 'value':
      return Object.entries(options).map(([match, result]) => ({ kind: 'value', match, result: record(result) }));
    case 'range':
      return [{ kind: 'range', match: `${number(options['from']) ?? ''}..${number(options['to']) ?? ''}`, result: record(options['result']) }];
    case 'regex':
      return [{ kind: 'regex', match: text(options['pattern']), result: record(options['result']) }];
    default:
      return [{ kind: 'special', match: text(options['match'], 'null'), result: record(options['result']) }];
  }
}

function mappingOf({ kind, match, result }: Entry): AnyRecord {
  if (kind === 'value') return { type: 'value', options: { [match]: result } };
  if (kind === 'regex') return { type: 'regex', options: { pattern: match, result } };
  if (kind === 'special') return { type: 'special', options: { match: match || 'null', result } };
  const [from = '', to = ''] = match.split('..');
  return { type: 'range', options: { from: number(from) ?? null, to: number(to) ?? null, result } };
}

export function MappingsField({ mappings, onChange }: { mappings: unknown; onChange: (mappings: AnyRecord[]) => void }) {
  // Overrides have mappings of their own on the same page.
  const id = useId();
  const entries = records(mappings).flatMap(entriesOf);
  const set = (next: Entry[]): void => onChange(next.map(mappingOf));
  const replace = (index: number, change: Partial<Entry>): void => set(entries.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <fieldset className="option-list">
      <legend>Value mappings</legend>
      {entries.map(({ kind, match, result }, index) => (
        <div key={index} className="option-row">
          <Combobox aria-label="Kind of mapping" options={KINDS} value={kind} width={12} onChange={({ value }) => replace(index, { kind: value })} />
          <Draft id={`${id}-${index}-match`} label="Value to map" value={match} placeholder="Value" onCommit={(next) => replace(index, { match: next })} />
          <Draft id={`${id}-${index}-text`} label="Text to show" value={text(result['text'])} placeholder="Text" onCommit={(next) => replace(index, { result: { ...result, text: next } })} />
          <Draft id={`${id}-${index}-color`} label="Colour" value={text(result['color'])} placeholder="Colour" onCommit={(next) => replace(index, { result: { ...result, color: next || undefined } })} />
          <IconButton name="trash-alt" tooltip="Remove mapping" onClick={() => set(entries.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...entries, { kind: 'value', match: String(entries.length), result: { text: '' } }])}>
        Add mapping
      </Button>
    </fieldset>
  );
}
