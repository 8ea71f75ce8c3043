// Which panel draws the data: chosen from all, or from those that suit the data.
import type { AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, Icon, type IconName } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { PANEL_TYPES } from './specs';
import { suggestionsFor, withSuggestion } from './suggestions';
import { useShownFrames } from './useFieldNames';

const ICONS: Readonly<Record<string, IconName>> = {
  timeseries: 'graph-bar',
  stat: 'arrow',
  gauge: 'tachometer-fast',
  bargauge: 'bars',
  table: 'table',
  heatmap: 'gf-grid',
  histogram: 'graph-bar',
  barchart: 'graph-bar',
  piechart: 'circle',
  'state-timeline': 'gf-interpolation-step-before',
  'status-history': 'gf-grid',
  logs: 'gf-logs',
};

interface VizPickerProps {
  panel: AnyRecord;
  onChange: (panel: AnyRecord) => void;
}

function Suggestions({ panel, onChange }: VizPickerProps) {
  const frames = useShownFrames(text(panel['id']));
  const all = useMemo(() => suggestionsFor(frames), [frames]);
  if (all.length === 0) return <p className="option-hint">Once the queries have answered, what suits the data stands here.</p>;
  const nameOf = (type: string): string => PANEL_TYPES.find(([id]) => id === type)?.[1] ?? type;
  return (
    <ul className="suggestions" aria-label="Suggestions">
      {all.map((one) => (
        <li key={one.type + one.name}>
          <button type="button" aria-pressed={one.type === panel['type']} onClick={() => onChange(withSuggestion(panel, one))}>
            <Icon name={ICONS[one.type] ?? 'chart-line'} size="lg" aria-hidden />
            <strong>{one.name}</strong>
            <small>{nameOf(one.type)}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function VizPicker({ panel, onChange }: VizPickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const type = text(panel['type']);
  const types = PANEL_TYPES.map(([value, label]) => ({ value, label }));
  return (
    <>
      <Field label="Visualization" htmlFor="panel-type" noMargin>
        <Combobox
          id="panel-type"
          options={types.some(({ value }) => value === type) ? types : [{ value: type, label: type }, ...types]}
          value={type}
          // Options that the other type does not know stay in the file: going back finds them again.
          onChange={({ value }) => onChange({ ...panel, type: value })}
        />
      </Field>
      <Button size="sm" variant="secondary" fill="text" icon={isOpen ? 'angle-down' : 'angle-right'} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        Suggestions
      </Button>
      {isOpen && <Suggestions panel={panel} onChange={onChange} />}
    </>
  );
}
