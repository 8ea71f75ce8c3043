// What a panel is and how it looks: title, type, options, fields.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import { FilterInput } from '@narthex/vizkit';
import { useState } from 'react';

import { useScope } from '../dashboard/scope';
import { OptionForm, type OptionSpec } from './form';
import { LinksField } from './LinksField';
import { MappingsField } from './MappingsField';
import { OverridesPane } from './OverridesPane';
import { fieldOptions, hasFields, panelOptions } from './specs';
import { standardOptions } from './standard_specs';
import { ThresholdsField } from './ThresholdsField';
import { VizPicker } from './VizPicker';

const TITLES: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'lines', hint: 'Markdown' },
  { path: 'transparent', label: 'Transparent background', kind: 'switch' },
];

/** Once for each value of a variable, beside or below each other. */
function repeatOptions(panel: AnyRecord, names: readonly string[]): OptionSpec[] {
  const own = text(panel['repeat']);
  const choices = [['', 'No repetition'] as const, ...[...new Set([...names, ...(own === '' ? [] : [own])])].map((name) => [name, name] as const)];
  const repeat: OptionSpec = { path: 'repeat', label: 'Repeat by variable', kind: 'choice', choices, fallback: '' };
  if (own === '') return [repeat];
  const direction: OptionSpec = { path: 'repeatDirection', label: 'Repeat direction', kind: 'choice', choices: [['h', 'Horizontal'], ['v', 'Vertical']], fallback: 'h' };
  return [repeat, direction, ...(panel['repeatDirection'] === 'v' ? [] : [{ path: 'maxPerRow', label: 'Max per row', kind: 'number', fallback: 4 } as const])];
}

const QUERY_OPTIONS: readonly OptionSpec[] = [
  { path: 'maxDataPoints', label: 'Max data points', kind: 'number', hint: 'Empty: as many as the panel is wide in pixels' },
  { path: 'interval', label: 'Min interval', kind: 'text', hint: 'Such as 30s: no step is shorter' },
  { path: 'timeFrom', label: 'Relative time', kind: 'text', hint: 'Such as 1h or now/d, in the place of the page\'s' },
  { path: 'timeShift', label: 'Time shift', kind: 'text', hint: 'Such as 1d: so long before' },
  { path: 'hideTimeOverride', label: 'Hide time info', kind: 'switch', hint: 'Its own time is not told in the heading' },
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

const isNamed = (title: string, wanted: string): boolean => title.toLowerCase().includes(wanted.toLowerCase());

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
      <Group title="Standard options" specs={matches(standardOptions(defaults), wanted)} root={defaults} onChange={set} />
      {isNamed('Thresholds', wanted) && <ThresholdsField thresholds={record(defaults['thresholds'])} onChange={(thresholds) => set({ ...defaults, thresholds })} />}
      {isNamed('Value mappings', wanted) && <MappingsField mappings={defaults['mappings']} onChange={(mappings) => set({ ...defaults, mappings })} />}
      {isNamed('Data links', wanted) && <LinksField legend="Data links" links={defaults['links']} isOfValues onChange={(links) => set({ ...defaults, links })} />}
      {isNamed('Overrides', wanted) && <OverridesPane panel={panel} onChange={onChange} />}
    </>
  );
}

export function OptionsPane({ panel, onChange }: PaneProps) {
  const [wanted, setWanted] = useState('');
  const { variables } = useScope();
  const type = text(panel['type']);
  const general = [...TITLES, ...repeatOptions(panel, variables.filter(({ multi, includeAll }) => multi || includeAll).map(({ name }) => name))];
  return (
    <aside className="options-pane" aria-label="Panel options">
      <VizPicker panel={panel} onChange={onChange} />
      <FilterInput placeholder="Search options" aria-label="Search options" value={wanted} onChange={setWanted} />
      <Group title="Panel" specs={matches(general, wanted)} root={panel} onChange={onChange} />
      {isNamed('Panel links', wanted) && <LinksField legend="Panel links" links={panel['links']} isOfValues={false} onChange={(links) => onChange({ ...panel, links })} />}
      <Group title="Options" specs={matches(panelOptions(type), wanted)} root={panel} onChange={onChange} />
      {hasFields(type) && <FieldGroups panel={panel} onChange={onChange} wanted={wanted} />}
      {hasFields(type) && <Group title="Query options" specs={matches(QUERY_OPTIONS, wanted)} root={panel} onChange={onChange} />}
    </aside>
  );
}
