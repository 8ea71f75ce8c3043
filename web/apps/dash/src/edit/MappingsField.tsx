// Values that are shown as a text.
import type { AnyRecord } from '@narthex/dashmodel';
import { number, record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { regexProblem } from './checks';
import { Draft } from './Draft';
import { moved } from './moved';
import { PaintField } from './PaintField';

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

const SPECIAL = [
  { value: 'null', label: 'Null' },
  { value: 'nan', label: 'NaN' },
  { value: 'null+nan', label: 'Null and NaN' },
  { value: 'true', label: 'True' },
  { value: 'false', label: 'False' },
  { value: 'empty', label: 'Empty' },
];

/** What an entry of another kind begins with, where what it had means nothing there. */
const FRESH: Readonly<Record<Kind, string>> = { value: '', range: '0..100', regex: '', special: 'null' };

export function entriesOf(mapping: AnyRecord): Entry[] {
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

const ends = (match: string): { from: string; to: string } => {
  const [from = '', to = ''] = match.split('..');
  return { from, to };
};

export function mappingOf({ kind, match, result }: Entry): AnyRecord {
  if (kind === 'value') return { type: 'value', options: { [match]: result } };
  if (kind === 'regex') return { type: 'regex', options: { pattern: match, result } };
  if (kind === 'special') return { type: 'special', options: { match: match || 'null', result } };
  const { from, to } = ends(match);
  return { type: 'range', options: { from: number(from) ?? null, to: number(to) ?? null, result } };
}

/** In the order in which they hold: that of their index, where they have one. */
export function rowsOf(mappings: unknown): Entry[] {
  const rows = records(mappings).flatMap(entriesOf);
  return rows.every(({ result }) => number(result['index']) !== undefined) ? rows.toSorted((a, b) => number(a.result['index'], 0) - number(b.result['index'], 0)) : rows;
}

export const mappingsOf = (rows: readonly Entry[]): AnyRecord[] => rows.map((row, index) => mappingOf({ ...row, result: { ...row.result, index } }));

interface MatchProps {
  id: string;
  entry: Entry;
  onChange: (match: string) => void;
}

/** What is to be mapped, by the kind of mapping. */
function MatchField({ id, entry: { kind, match }, onChange }: MatchProps) {
  if (kind === 'special') return <Combobox aria-label="Special value" options={SPECIAL} value={match} onChange={({ value }) => onChange(value)} />;
  if (kind !== 'range') return <Draft id={id} label="Value to map" value={match} placeholder={kind === 'regex' ? 'Regular expression' : 'Value'} {...(kind === 'regex' ? { check: regexProblem } : {})} onCommit={onChange} />;
  const { from, to } = ends(match);
  return (
    <div className="option-row">
      <Draft id={`${id}-from`} label="From" isNumber value={from} placeholder="-∞" onCommit={(next) => onChange(`${next}..${to}`)} />
      <Draft id={`${id}-to`} label="To" isNumber value={to} placeholder="∞" onCommit={(next) => onChange(`${from}..${next}`)} />
    </div>
  );
}

export function MappingsField({ mappings, onChange }: { mappings: unknown; onChange: (mappings: AnyRecord[]) => void }) {
  // Overrides have mappings of their own on the same page.
  const id = useId();
  const entries = rowsOf(mappings);
  const set = (next: Entry[]): void => onChange(mappingsOf(next));
  const replace = (index: number, change: Partial<Entry>): void => set(entries.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <>
      <ol className="queries">
        {entries.map((entry, index) => {
          const { kind, match, result } = entry;
          return (
            <li key={index} className="query mapping" aria-label={`Mapping ${index + 1}`}>
              <div className="option-row">
                <Combobox aria-label="Kind of mapping" options={KINDS} value={kind} onChange={({ value }) => replace(index, { kind: value, match: FRESH[value] || (kind === 'special' || kind === 'range' ? '' : match) })} />
                <IconButton name="arrow-up" tooltip={`Apply mapping ${index + 1} earlier`} disabled={index === 0} onClick={() => set(moved(entries, index, -1))} />
                <IconButton name="trash-alt" tooltip={`Remove mapping ${index + 1}`} onClick={() => set(entries.filter((_, at) => at !== index))} />
              </div>
              <MatchField id={`${id}-${index}-match`} entry={entry} onChange={(next) => replace(index, { match: next })} />
              <div className="option-row">
                <Draft id={`${id}-${index}-text`} label="Text to show" value={text(result['text'])} placeholder="Text to show" onCommit={(next) => replace(index, { result: { ...result, text: next || undefined } })} />
                <PaintField isSmall isClearable label={`Colour of mapping ${index + 1}`} value={text(result['color'])} onChange={(color) => replace(index, { result: { ...result, color } })} />
              </div>
            </li>
          );
        })}
      </ol>
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...entries, { kind: 'value', match: String(entries.length), result: { text: '' } }])}>
        Add mapping
      </Button>
    </>
  );
}
