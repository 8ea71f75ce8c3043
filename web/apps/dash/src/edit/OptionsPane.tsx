// What a panel is and how it looks: title, type, options, fields.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import { Combobox, Field, FilterInput } from '@narthex/vizkit';
import { useState } from 'react';

import { OptionForm, type OptionSpec } from './form';
import { MappingsField } from './MappingsField';
import { OverridesPane } from './OverridesPane';
import { fieldOptions, hasFields, PANEL_TYPES, panelOptions, STANDARD_OPTIONS } from './specs';
import { ThresholdsField } from './ThresholdsField';

const GENERAL: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'lines' },
  { path: 'transparent', label: 'Transparent background', kind: 'switch' },
  { path: 'repeat', label: 'Repeat by variable', kind: 'text' },
  { path: 'maxPerRow', label: 'Repeats in a row', kind: 'number', fallback: 4 },
];
const QUERY_OPTIONS: readonly OptionSpec[] = [
  { path: 'maxDataPoints', label: 'Max data points', kind: 'number' },
  { path: 'interval', label: 'Min interval', kind: 'text' },
  { path: 'timeFrom', label: 'Relative time', kind: 'text' },
  { path: 'timeShift', label: 'Time shift', kind: 'text' },
  {
    path: 'timeCompare',
    label: 'Compare to',
    kind: 'choice',
    fallback: '',
    hint: 'Of time series: those of then, dashed',
    choices: [
      ['', 'Nothing'],
      ['__previousPeriod', 'The range before'],
      ['1d', 'A day ago'],
      ['1w', 'A week ago'],
      ['1M', 'A month ago'],
    ],
  },
];

interface PaneProps {
  panel: AnyRecord;
  onChange: (panel: AnyRecord) => void;
}

const matches = (specs: readonly OptionSpec[], wanted: string): OptionSpec[] => specs.filter(({ label, path }) => `${label} ${path}`.toLowerCase().includes(wanted.toLowerCase()));

function Group({ title, specs, root, onChange }: { title: string; specs: readonly OptionSpec[]; root: AnyRecord; onChange: (root: AnyRecord) => void }) {
  if (specs.length === 0) return null;
  return (
    <section aria-label={title} className="option-list">
      <h3>{title}</h3>
      <OptionForm root={root} specs={specs} onChange={onChange} />
    </section>
  );
}

function FieldGroups({ panel, onChange, wanted }: PaneProps & { wanted: string }) {
  const fieldConfig = record(panel['fieldConfig']);
  const defaults = record(fieldConfig['defaults']);
  const set = (next: AnyRecord): void => onChange({ ...panel, fieldConfig: { overrides: [], ...fieldConfig, defaults: next } });
  return (
    <>
      <Group title="Fields" specs={matches(fieldOptions(text(panel['type'])), wanted)} root={record(defaults['custom'])} onChange={(custom) => set({ ...defaults, custom })} />
      <Group title="Standard options" specs={matches(STANDARD_OPTIONS, wanted)} root={defaults} onChange={set} />
      {wanted === '' && (
        <>
          <ThresholdsField thresholds={record(defaults['thresholds'])} onChange={(thresholds) => set({ ...defaults, thresholds })} />
          <MappingsField mappings={defaults['mappings']} onChange={(mappings) => set({ ...defaults, mappings })} />
          <OverridesPane panel={panel} onChange={onChange} />
        </>
      )}
    </>
  );
}

export function OptionsPane({ panel, onChange }: PaneProps) {
  const [wanted, setWanted] = useState('');
  const type = text(panel['type']);
  const types = PANEL_TYPES.map(([value, label]) => ({ value, label }));
  return (
    <aside className="options-pane" aria-label="Panel options">
      <Field label="Visualization" htmlFor="panel-type" noMargin>
        <Combobox
          id="panel-type"
          options={types.some(({ value }) => value === type) ? types : [{ value: type, label: type }, ...types]}
          value={type}
          // Options that the other type does not know stay in the file: going back finds them again.
          onChange={({ value }) => onChange({ ...panel, type: value })}
        />
      </Field>
      <FilterInput placeholder="Search options" aria-label="Search options" value={wanted} onChange={setWanted} />
      <Group title="Panel" specs={matches(GENERAL, wanted)} root={panel} onChange={onChange} />
      <Group title="Options" specs={matches(panelOptions(type), wanted)} root={panel} onChange={onChange} />
      {hasFields(type) && <FieldGroups panel={panel} onChange={onChange} wanted={wanted} />}
      {hasFields(type) && <Group title="Query options" specs={matches(QUERY_OPTIONS, wanted)} root={panel} onChange={onChange} />}
    </aside>
  );
}
