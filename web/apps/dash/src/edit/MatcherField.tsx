// Chooses the fields that an override is for, among those of the panel's data.
import { fieldReducers } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel';
import { number, record, text, texts } from '@narthex/dashmodel/json';
import { Combobox, MultiCombobox, RadioButtonGroup } from '@narthex/vizkit';
import { useId, useMemo } from 'react';

import { regexProblem } from './checks';
import { Draft } from './Draft';
import { useFacts } from './facts';
import { COMPARISONS, FIELD_TYPES, MATCHER_KINDS, withMatcherKind } from './matchers';

interface MatcherProps {
  /** Names the controls apart, of several. */
  label: string;
  matcher: AnyRecord;
  onChange: (matcher: AnyRecord) => void;
}

interface OptionsProps {
  label: string;
  options: unknown;
  onChange: (options: unknown) => void;
}

const asOptions = (names: readonly string[]) => [...new Set(names)].map((name) => ({ value: name, label: name }));
const OF_TYPE = FIELD_TYPES.map(([value, label]) => ({ value, label }));
const OPERATORS = COMPARISONS.map((value) => ({ value, label: { gte: '>=', gt: '>', lte: '<=', lt: '<', eq: '==', neq: '!=' }[value] }));
const MODES = [
  { value: 'include', label: 'These' },
  { value: 'exclude', label: 'All but these' },
];

function Names({ label, options, onChange }: OptionsProps) {
  const { names } = useFacts();
  const chosen = texts(options);
  return <MultiCombobox aria-label={label} createCustomValue placeholder="Choose names" options={asOptions([...names, ...chosen])} value={chosen} onChange={(all) => onChange(all.map(({ value }) => value))} />;
}

function ValueOptions({ label, options, onChange }: OptionsProps) {
  const id = useId();
  const given = record(options);
  const reducers = useMemo(() => fieldReducers.list().map(({ id: value, name, description = '' }) => ({ value, label: name, description })), []);
  return (
    <div className="matcher-value">
      <Combobox aria-label={`${label}: calculation`} options={reducers} value={text(given['reducer'])} onChange={({ value }) => onChange({ ...given, reducer: value })} />
      <Combobox aria-label={`${label}: comparison`} options={OPERATORS} value={OPERATORS.find(({ value }) => value === given['op'])?.value ?? 'gte'} onChange={({ value }) => onChange({ ...given, op: value })} />
      <Draft id={id} label={`${label}: value`} isNumber value={number(given['value'])?.toString() ?? ''} onCommit={(value) => onChange({ ...given, value: number(value, 0) })} />
    </div>
  );
}

function MatcherOptions({ kind, ...props }: OptionsProps & { kind: string }) {
  const id = useId();
  const { names, refIds } = useFacts();
  const { label, options, onChange } = props;
  const given = record(options);
  switch (kind) {
    case 'byName':
      return <Combobox aria-label={label} createCustomValue placeholder="Choose a field" options={asOptions([...names, ...(text(options) === '' ? [] : [text(options)])])} value={text(options) || null} onChange={({ value }) => onChange(value)} />;
    case 'byRegexp':
      return <Draft id={id} label={label} placeholder="/http.*/" value={text(options)} check={regexProblem} onCommit={onChange} />;
    case 'byType':
      return <Combobox aria-label={label} options={OF_TYPE} value={text(options)} onChange={({ value }) => onChange(value)} />;
    case 'byTypes':
      return <MultiCombobox aria-label={label} options={OF_TYPE} value={texts(options)} onChange={(all) => onChange(all.map(({ value }) => value))} />;
    case 'byFrameRefID':
      return <Combobox aria-label={label} createCustomValue options={asOptions([...refIds, text(options)])} value={text(options)} onChange={({ value }) => onChange(value)} />;
    case 'byValue':
      return <ValueOptions {...props} />;
    case 'byNames':
      return (
        <>
          <RadioButtonGroup size="sm" aria-label={`${label}: which`} options={MODES} value={text(given['mode'], 'include')} onChange={(mode) => onChange({ ...given, mode })} />
          <Names label={label} options={given['names']} onChange={(chosen) => onChange({ ...given, names: chosen })} />
        </>
      );
    case 'byRegexpOrNames':
      return (
        <>
          <Draft id={id} label={`${label}: regex`} placeholder="/http.*/" value={text(given['pattern'])} check={regexProblem} onCommit={(pattern) => onChange({ ...given, pattern: pattern || undefined })} />
          <Names label={label} options={given['names']} onChange={(chosen) => onChange({ ...given, names: chosen })} />
        </>
      );
    default:
      return null;
  }
}

export function MatcherField({ label, matcher, onChange }: MatcherProps) {
  const id = text(matcher['id'], 'byName');
  const isKnown = MATCHER_KINDS.some((one) => one.id === id);
  const kinds = [...MATCHER_KINDS.map((one) => ({ value: one.id, label: one.name })), ...(isKnown ? [] : [{ value: id, label: id }])];
  return (
    <div className="matcher">
      <Combobox aria-label={`${label}: kind`} options={kinds} value={id} onChange={({ value }) => onChange(withMatcherKind(matcher, value))} />
      <MatcherOptions kind={id} label={label} options={matcher['options']} onChange={(options) => onChange({ ...matcher, options })} />
    </div>
  );
}
