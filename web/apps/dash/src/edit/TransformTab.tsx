// The transformations of a panel, in their order.
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { TRANSFORMATIONS } from '@narthex/frames';
import { Button, Combobox } from '@narthex/vizkit';

import { moved } from './moved';
import { TransformStep } from './TransformStep';
import { useStepFrames } from './useStepFrames';

const NAMES = new Map(TRANSFORMATIONS.map(({ id, name }) => [id, name]));
const CHOICES = TRANSFORMATIONS.map(({ id, name }) => ({ value: id, label: name }));

interface TransformTabProps {
  model: Panel;
  panel: AnyRecord;
  onChange: (panel: AnyRecord) => void;
}

export function TransformTab({ model, panel, onChange }: TransformTabProps) {
  const steps = records(panel['transformations']);
  const trace = useStepFrames(model, steps);
  const set = (next: AnyRecord[]): void => onChange({ ...panel, transformations: next });
  return (
    <div className="query-tab">
      {steps.length === 0 && <p>The panel draws what the queries answer. A transformation changes it on the way.</p>}
      <ol className="queries">
        {steps.map((step, index) => {
          const id = text(step['id']);
          return (
            <TransformStep
              key={`${id}/${index}`}
              step={step}
              name={NAMES.get(id) ?? id}
              place={index}
              stepCount={steps.length}
              input={trace[index] ?? []}
              output={trace[index + 1] ?? []}
              onChange={(next) => set(steps.map((one, at) => (at === index ? next : one)))}
              onMove={(by) => set(moved(steps, index, by))}
              onRemove={() => set(steps.filter((_, at) => at !== index))}
            />
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
