// Value mappings as the rows that a person edits, and back. Pure. Source: spec grafana.md, FIELD-4.
import type { AnyRecord } from '@narthex/dashmodel';
import { number, record, records, text } from '@narthex/dashmodel/json';

export type MappingKind = 'value' | 'range' | 'regex' | 'special';

export interface Mapping {
  kind: MappingKind;
  /** A value, a pattern, or the name of a special value; empty for a range. */
  match: string;
  /** Of a range; null has no end on its side. */
  from: number | null;
  to: number | null;
  result: AnyRecord;
}

export const freshMapping = (kind: MappingKind): Mapping => ({ kind, match: kind === 'special' ? 'null' : '', from: null, to: null, result: { text: '' } });

function rowsOf(mapping: AnyRecord): Mapping[] {
  const options = record(mapping['options']);
  const result = record(options['result']);
  switch (mapping['type']) {
    case 'value':
      return Object.entries(options)
        .map(([match, one]) => ({ ...freshMapping('value'), match, result: record(one) }))
        .toSorted((a, b) => number(a.result['index'], 0) - number(b.result['index'], 0));
    case 'range':
      return [{ ...freshMapping('range'), from: number(options['from']) ?? null, to: number(options['to']) ?? null, result }];
    case 'regex':
      return [{ ...freshMapping('regex'), match: text(options['pattern']), result }];
    default:
      return [{ ...freshMapping('special'), match: text(options['match'], 'null'), result }];
  }
}

export const mappingRows = (mappings: unknown): Mapping[] => records(mappings).flatMap(rowsOf);

function jsonOf({ kind, match, from, to, result }: Mapping): AnyRecord {
  switch (kind) {
    case 'value':
      return { type: 'value', options: { [match]: result } };
    case 'range':
      return { type: 'range', options: { from, to, result } };
    case 'regex':
      return { type: 'regex', options: { pattern: match, result } };
    case 'special':
      return { type: 'special', options: { match, result } };
  }
}

/** In their order, which is the order in which they are tried. */
export const mappingsJson = (rows: readonly Mapping[]): AnyRecord[] => rows.map((row, index) => jsonOf({ ...row, result: { ...row.result, index } }));
