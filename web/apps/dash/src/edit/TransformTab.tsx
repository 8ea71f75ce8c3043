// The transformations of a panel, in their order.
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { flag, record, records, text } from '@narthex/dashmodel/json';
import { TRANSFORMATIONS } from '@narthex/frames';
import { Button, Combobox, IconButton } from '@narthex/vizkit';

import { moved } from './moved';
import { TransformForm } from './TransformForm';
import { useStepNames } from './useStepNames';

const NAMES = new Map(TRANSFORMATIONS.map(({ id, name }) => [id, name]));
const CHOICES = TRANSFORMATIONS.map(({ id, name }) => ({ value: id, label: name }));

interface TransformTabProps {
  model: Panel;
  panel: AnyRecord;
  onChange: (panel: AnyRecord) => void;
}

export function TransformTab({ model, panel, onChange }: TransformTabProps) {
  const steps = records(panel['transformations']);
  const names = useStepNames(model, steps);
  const set = (next: AnyRecord[]): void => onChange({ ...panel, transformations: next });
  return (
    <div className="query-tab">
      {steps.length === 0 && <p>The panel draws what the queries answer. A transformation changes it on the way.</p>}
      <ol className="queries">
        {steps.map((step, index) => {
          const id = text(step['id']);
          const name = NAMES.get(id) ?? id;
          return (
            <li key={`${id}/${index}`} className="query" aria-label={name}>
              <div className="query-head">
                <strong>{name}</strong>
                <IconButton name="arrow-up" tooltip="Earlier" disabled={index === 0} onClick={() => set(moved(steps, index, -1))} />
                <IconButton name="arrow-down" tooltip="Later" disabled={index === steps.length - 1} onClick={() => set(moved(steps, index, 1))} />
                <IconButton
                  name={flag(step['disabled']) ? 'eye-slash' : 'eye'}
                  tooltip={flag(step['disabled']) ? 'Switch on' : 'Switch off'}
                  onClick={() => set(steps.map((one, at) => (at === index ? { ...one, disabled: !flag(one['disabled']) } : one)))}
                />
                <IconButton name="trash-alt" tooltip="Remove transformation" onClick={() => set(steps.filter((_, at) => at !== index))} />
              </div>
              <TransformForm
                id={id}
                options={record(step['options'])}
                names={names[index] ?? []}
                onChange={(options) => set(steps.map((one, at) => (at === index ? { ...one, options } : one)))}
              />
            </li>
          );
        })}
      </ol>
      <Combobox aria-label="Add transformation" placeholder="Add a transformation" options={CHOICES} value={null} width={40} onChange={({ value }) => set([...steps, { id: value, options: {} }])} />
      {steps.length > 0 && (
        <Button variant="secondary" icon="trash-alt" onClick={() => set([])}>
          Remove all
        </Button>
      )}
    </div>
  );
}
