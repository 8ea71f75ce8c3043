// What a panel is and how it looks: title, type, options, fields.
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import { findPanel } from '@narthex/panels';
import { FilterInput } from '@narthex/vizkit';
import { useState } from 'react';

import { OptionForm, type OptionSpec } from './form';
import { generalSpecs } from './general_specs';
import { differs, grouped, groupTitle, inOrder, isWanted, type OptionGroup } from './option_groups';
import { OptionSection } from './OptionSection';
import { OverridesPane } from './OverridesPane';
import { fieldOptions, hasFields, PANEL_TYPES, panelOptions } from './specs';
import { standardOptions } from './standard_specs';
import { VisualizationPicker } from './VisualizationPicker';

interface PaneProps {
  panel: AnyRecord;
  onChange: (panel: AnyRecord) => void;
}

interface Part {
  group: OptionGroup;
  /** Where the paths of its options begin, and how a change there becomes one of the panel. */
  root: AnyRecord;
  set: (root: AnyRecord) => void;
}

function partsOf({ panel, onChange }: PaneProps): Part[] {
  const type = text(panel['type']);
  const typeName = PANEL_TYPES.find(([id]) => id === type)?.[1] ?? type;
  const fieldConfig = record(panel['fieldConfig']);
  const defaults = record(fieldConfig['defaults']);
  const setDefaults = (next: AnyRecord): void => onChange({ ...panel, fieldConfig: { overrides: [], ...fieldConfig, defaults: next } });
  const part = (specs: readonly OptionSpec[], isField: boolean, root: AnyRecord, set: Part['set']): Part[] =>
    grouped(specs, (spec) => groupTitle(type, typeName, spec, isField)).map((group) => ({ group, root, set }));
  const own = part(panelOptions(type), false, panel, onChange);
  const fields = part(fieldOptions(type), true, record(defaults['custom']), (custom) => setDefaults({ ...defaults, custom }));
  const standard = grouped(standardOptions(type), ({ group }) => group ?? 'Standard options').map((group) => ({ group, root: defaults, set: setDefaults }));
  const general = { group: { title: 'Panel options', specs: generalSpecs(panel) }, root: panel, set: onChange };
  return [general, ...own, ...(hasFields(type) ? [...fields, ...standard] : [])];
}

/** Parts that share a heading, next to each other. */
function byHeading(parts: readonly Part[]): Map<string, Part[]> {
  const all = new Map<string, Part[]>();
  for (const part of parts) all.set(part.group.title, [...(all.get(part.group.title) ?? []), part]);
  return all;
}

// Of what every panel has no two are alike: nothing there is a default to go back to.
const isMarkedHeading = (title: string): boolean => title !== 'Panel options';

function Sections({ parts, wanted }: { parts: readonly Part[]; wanted: string }) {
  const headings = byHeading(parts);
  return inOrder([...headings.keys()]).map((title) => {
    const members = headings.get(title) ?? [];
    const shown = members.map((part) => ({ ...part, specs: part.group.specs.filter((spec) => isWanted(spec, title, wanted)) })).filter(({ specs }) => specs.length > 0);
    if (shown.length === 0) return null;
    const isMarked = isMarkedHeading(title);
    const changedCount = isMarked ? members.reduce((sum, { group, root }) => sum + group.specs.filter((spec) => differs(root, spec)).length, 0) : 0;
    return (
      <OptionSection key={title} title={title} isForced={wanted !== ''} {...(changedCount > 0 ? { badge: { count: changedCount, title: `${changedCount} differ from their defaults` } } : {})}>
        {shown.map(({ specs, root, set }) => (
          <OptionForm key={specs[0]?.path} root={root} specs={specs} isMarked={isMarked} onChange={set} />
        ))}
      </OptionSection>
    );
  });
}

export function OptionsPane({ panel, model, onChange }: PaneProps & { model: Panel }) {
  const [wanted, setWanted] = useState('');
  const type = text(panel['type']);
  const parts = partsOf({ panel, onChange });
  const isKnown = findPanel(type) !== undefined;
  return (
    <aside className="options-pane" aria-label="Panel options">
      <VisualizationPicker panel={panel} model={model} onChange={onChange} />
      {!isKnown && <p role="status">Panels of the type {type} are not drawn here; their options stay as they are.</p>}
      <FilterInput placeholder="Search options" aria-label="Search options" value={wanted} onChange={setWanted} />
      <Sections parts={parts} wanted={wanted} />
      {hasFields(type) && <OverridesPane panel={panel} wanted={wanted} onChange={onChange} />}
    </aside>
  );
}
