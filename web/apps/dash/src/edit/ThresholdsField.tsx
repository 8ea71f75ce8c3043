// Steps of colour: from a value on, a colour.
import type { AnyRecord } from '@narthex/dashmodel';
import { number, records, text } from '@narthex/dashmodel/json';
import { Button, IconButton, RadioButtonGroup } from '@narthex/vizkit';
import { useId } from 'react';

import { Draft } from './Draft';
import { PaintField } from './PaintField';

interface Step {
  value: number | null;
  color: string;
}

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

const MODES = [
  { value: 'absolute', label: 'Absolute' },
  { value: 'percentage', label: 'Percentage', description: 'Of the way from min to max' },
];
// In the order in which a person adds them: each differs from the one before.
const NEXT_COLORS = ['#EAB839', '#6ED0E0', '#EF843C', '#E24D42', '#1F78C1', '#BA43A9'];

export function ThresholdsField({ thresholds, onChange }: { thresholds: AnyRecord; onChange: (thresholds: AnyRecord) => void }) {
  // Overrides have thresholds of their own on the same page.
  const id = useId();
  const steps = stepsOf(thresholds);
  const mode = text(thresholds['mode'], 'absolute');
  const set = (next: Step[]): void => onChange({ ...thresholds, mode, steps: ordered(next) });
  const replace = (index: number, change: Partial<Step>): void => set(steps.map((one, at) => (at === index ? { ...one, ...change } : one)));
  // The highest first, as they lie on the axis of a graph.
  const shown = steps.map((step, index) => ({ step, index })).toReversed();
  return (
    <>
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...steps, { value: (steps.at(-1)?.value ?? 0) + 10, color: NEXT_COLORS[(steps.length - 1) % NEXT_COLORS.length] ?? 'orange' }])}>
        Add threshold
      </Button>
      {shown.map(({ step, index }) => (
        <div key={index} className="option-row threshold">
          <PaintField isSmall label={index === 0 ? 'Colour of the base' : `Colour from ${step.value}`} value={step.color} onChange={(color) => replace(index, { color: color ?? 'green' })} />
          {index === 0 ? (
            <span>Base</span>
          ) : (
            <Draft id={`${id}-${index}`} label="Threshold" isNumber value={String(step.value ?? '')} onCommit={(value) => replace(index, { value: Number(value) })} />
          )}
          {index > 0 && <IconButton name="trash-alt" tooltip={`Remove threshold ${step.value}`} onClick={() => set(steps.filter((_, at) => at !== index))} />}
        </div>
      ))}
      <RadioButtonGroup size="sm" aria-label="Thresholds mode" options={MODES} value={mode} onChange={(next) => onChange({ ...thresholds, mode: next, steps })} />
    </>
  );
}
