// Chooses the kind of panel: those that suit the data at hand, drawn with it, or any by its name.
import type { DataFrame } from '@grafana/data';
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import { findPanel } from '@narthex/panels';
import { NO_DATA } from '@narthex/runner';
import { Button, FilterInput, RadioButtonGroup } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { PanelContent } from '../dashboard/PanelBox';
import { useShownFrames } from './facts';
import { withType } from './panel_type';
import { hasFields, PANEL_TYPES } from './specs';
import { suggestions, type Suggestion } from './suggestions';

const nameOf = (type: string): string => PANEL_TYPES.find(([id]) => id === type)?.[1] ?? type;

const PREVIEW_PX = { width: 144, height: 84 };
/** Of the panel only what it is about: in so little room there are no legend and no axis labels. */
function previewOf(model: Panel, type: string): Panel {
  const { custom: _custom, ...standard } = record(model.fieldConfig.defaults);
  const custom = type === 'timeseries' ? { axisPlacement: 'hidden' } : {};
  return { ...model, type, key: `${model.key}/${type}`, options: { legend: { showLegend: false, show: false }, tooltip: { mode: 'none' } }, fieldConfig: { defaults: { ...standard, custom }, overrides: [] } };
}

function Preview({ model, frames, suggestion: { type, reason }, isChosen, onPick }: { model: Panel; frames: DataFrame[]; suggestion: Suggestion; isChosen: boolean; onPick: () => void }) {
  const plugin = findPanel(type);
  const panel = useMemo(() => previewOf(model, type), [model, type]);
  const data = useMemo(() => ({ ...NO_DATA, state: 'done' as const, frames, queried: frames }), [frames]);
  return (
    <li>
      <button type="button" className="visualization" aria-pressed={isChosen} aria-label={`${nameOf(type)}: ${reason}`} onClick={onPick}>
        <span className="visualization-preview" aria-hidden inert>
          {plugin && <PanelContent plugin={plugin} panel={panel} data={data} title="" {...PREVIEW_PX} />}
        </span>
        <strong>{nameOf(type)}</strong>
        <small>{reason}</small>
      </button>
    </li>
  );
}

type Shown = 'suggested' | 'all';
const SHOWN: Array<{ value: Shown; label: string }> = [
  { value: 'suggested', label: 'Suggestions' },
  { value: 'all', label: 'All visualizations' },
];

interface PickerProps {
  panel: AnyRecord;
  model: Panel;
  onChange: (panel: AnyRecord) => void;
}

function Choices({ panel, model, onPick }: { panel: AnyRecord; model: Panel; onPick: (type: string) => void }) {
  // Those of now: a refresh would draw all the previews again.
  const shown = useShownFrames(model.key);
  const [frames, setFrames] = useState(shown);
  if (frames.length === 0 && shown.length > 0) setFrames(shown);
  const suited = useMemo(() => suggestions(frames), [frames]);
  const type = text(panel['type']);
  const [chosen, setChosen] = useState<Shown>(suited.length > 0 && hasFields(type) ? 'suggested' : 'all');
  const [wanted, setWanted] = useState('');
  const list = PANEL_TYPES.filter(([id, name]) => `${id} ${name}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div className="visualizations">
      <FilterInput placeholder="Search visualizations" aria-label="Search visualizations" value={wanted} onChange={setWanted} />
      <RadioButtonGroup fullWidth size="sm" aria-label="Which visualizations" options={SHOWN} value={wanted === '' ? chosen : 'all'} onChange={setChosen} />
      {wanted === '' && chosen === 'suggested' ? (
        <>
          {suited.length === 0 && <p>Suggestions follow the data; there is none yet.</p>}
          <ul className="visualization-grid" aria-label="Suggestions">
            {suited.map((one) => (
              <Preview key={one.type} model={model} frames={frames} suggestion={one} isChosen={one.type === type} onPick={() => onPick(one.type)} />
            ))}
          </ul>
        </>
      ) : (
        <ul className="visualization-grid" aria-label="Visualizations">
          {list.map(([id, name]) => (
            <li key={id}>
              <button type="button" className="visualization" aria-pressed={id === type} onClick={() => onPick(id)}>
                <strong>{name}</strong>
              </button>
            </li>
          ))}
        </ul>
      )}
      {wanted !== '' && list.length === 0 && <p role="status">No visualization has such a name.</p>}
    </div>
  );
}

export function VisualizationPicker({ panel, model, onChange }: PickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const name = nameOf(text(panel['type']));
  const pick = (type: string): void => {
    setIsOpen(false);
    onChange(withType(panel, type));
  };
  return (
    <section aria-label="Visualization">
      <Button variant="secondary" fullWidth icon={isOpen ? 'angle-up' : 'angle-down'} aria-label={`Visualization: ${name}`} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {name}
      </Button>
      {isOpen && <Choices panel={panel} model={model} onPick={pick} />}
    </section>
  );
}
