// Steps of colour: from a value on, a colour.
import type { AnyRecord } from '@narthex/dashmodel';
import { number, records, text } from '@narthex/dashmodel/json';
import { Button, IconButton, RadioButtonGroup } from '@narthex/vizkit';
import { useId } from 'react';

import { ColorField } from './ColorField';
import { Draft } from './Draft';

interface Step {
  value: number | null;
  color: string;
}

const MODES: Array<{ value: 'absolute' | 'percentage'; label: string; description: string }> = [
  { value: 'absolute', label: 'Absolute', description: 'Values of the field' },
  { value: 'percentage', label: 'Percentage', description: 'Of the way from min to max' },
];

const DEFAULT: Step[] = [
  { value: null, color: 'green' },
  { value: 80, color: 'red' },
];

function stepsOf(thresholds: AnyRecord): Step[] {
  const steps = records(thresholds['steps']).map((step) => ({ value: number(step['value']) ?? null, color: text(step['color'], 'green') }));
  return steps.length > 0 ? steps : DEFAULT;
}

/** The first step holds from minus infinity, the others in ascending order. */
function ordered([first, ...rest]: Step[]): Step[] {
  return first ? [{ ...first, value: null }, ...rest.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))] : DEFAULT;
}

export function ThresholdsField({ thresholds, onChange }: { thresholds: AnyRecord; onChange: (thresholds: AnyRecord) => void }) {
  // Overrides have thresholds of their own on the same page.
  const id = useId();
  const steps = stepsOf(thresholds);
  const mode = text(thresholds['mode'], 'absolute');
  const set = (next: Step[]): void => onChange({ mode, steps: ordered(next) });
  return (
    <fieldset className="option-list">
      <legend>Thresholds</legend>
      {steps.map((step, index) => (
        <div key={index} className="option-row">
          <ColorField id={`${id}-${index}-color`} label={index === 0 ? 'Colour of the base' : `Colour from ${step.value ?? ''} on`} value={step.color} onChange={(color = 'green') => set(steps.map((one, at) => (at === index ? { ...one, color } : one)))} />
          {index === 0 ? (
            <span>Base</span>
          ) : (
            <Draft id={`${id}-${index}`} label="Threshold" isNumber value={String(step.value ?? '')} onCommit={(value) => set(steps.map((one, at) => (at === index ? { ...one, value: Number(value) } : one)))} />
          )}
          {index > 0 && <IconButton name="trash-alt" tooltip="Remove threshold" onClick={() => set(steps.filter((_, at) => at !== index))} />}
        </div>
      ))}
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...steps, { value: (steps.at(-1)?.value ?? 0) + 10, color: 'orange' }])}>
        Add threshold
      </Button>
      <RadioButtonGroup size="sm" aria-label="Thresholds mode" options={MODES} value={mode === 'percentage' ? 'percentage' : 'absolute'} onChange={(next) => onChange({ ...thresholds, mode: next, steps })} />
    </fieldset>
  );
}
