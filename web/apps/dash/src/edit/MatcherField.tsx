// Which fields an override is for.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, text, texts } from '@narthex/dashmodel/json';
import { Combobox, MultiCombobox } from '@narthex/vizkit';
import { useId } from 'react';

import { Draft } from './Draft';
import { OptionControl, OptionForm } from './form';
import { CALCS } from './option_parts';
import { freshMatcher, isPlainMatcher, MATCHERS, TYPES } from './override_specs';

const OPS = [
  ['eq', '='],
  ['neq', '!='],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
] as const;
const BY_VALUE = [
  { path: 'reducer', label: 'Calculation', kind: 'choice', choices: [['allIsZero', 'All zeros'], ['allIsNull', 'All nulls'], ...CALCS] },
  { path: 'op', label: 'Is', kind: 'choice', choices: OPS },
  { path: 'value', label: 'Value', kind: 'number' },
] as const;

interface MatcherFieldProps {
  matcher: AnyRecord;
  /** Of the fields that the panel shows. */
  names: readonly string[];
  refIds: readonly string[];
  onChange: (matcher: AnyRecord) => void;
}

const asOptions = (values: readonly string[], chosen: readonly string[]) => [...new Set([...values, ...chosen])].filter((value) => value !== '').map((value) => ({ value, label: value }));

function MatcherOptions({ matcher, names, refIds, onChange }: MatcherFieldProps) {
  const id = useId();
  const { options } = matcher;
  const kind = text(matcher['id']);
  const set = (next: unknown): void => onChange({ ...matcher, options: next });
  const chosen = text(options);
  if (isPlainMatcher(kind)) return null;
  switch (kind) {
    case 'byName':
      return <Combobox aria-label="Fields to match" placeholder="Choose a field" options={asOptions(names, [chosen])} value={chosen || null} createCustomValue onChange={({ value }) => set(value)} />;
    case 'byRegexp':
      return <Draft id={id} label="Fields to match" value={chosen} placeholder="/cpu.*/" onCommit={set} />;
    case 'byType':
      return <Combobox aria-label="Fields to match" options={TYPES} value={chosen || null} onChange={({ value }) => set(value)} />;
    case 'byFrameRefID':
      return <Combobox aria-label="Fields to match" placeholder="Choose a query" options={asOptions(refIds, [chosen])} value={chosen || null} createCustomValue onChange={({ value }) => set(value)} />;
    case 'byNames': {
      const all = texts(record(options)['names']);
      return (
        <>
          <label className="sr-only" htmlFor={id}>
            Fields to match
          </label>
          <MultiCombobox id={id} placeholder="Choose fields" options={asOptions(names, all)} value={all} createCustomValue onChange={(next) => set({ mode: 'include', ...record(options), names: next.map(({ value }) => value) })} />
        </>
      );
    }
    case 'byValue':
      return <OptionForm root={record(options)} specs={BY_VALUE} onChange={set} />;
    default:
      return <OptionControl id={id} spec={{ path: 'options', label: 'Options', kind: 'json' }} value={options} onChange={set} />;
  }
}

export function MatcherField(props: MatcherFieldProps) {
  const id = text(props.matcher['id'], 'byName');
  const options = MATCHERS.some(({ value }) => value === id) ? MATCHERS : [{ value: id, label: id }, ...MATCHERS];
  return (
    <>
      <Combobox aria-label="Which fields" options={options} value={id} onChange={({ value }) => props.onChange(freshMatcher(value))} />
      <MatcherOptions {...props} />
    </>
  );
}
