// One transformation of a panel: its place, whether it is on, which queries it is for, its options, and what it does.
import type { DataFrame } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, record, text } from '@narthex/dashmodel/json';
import { Field, IconButton, MultiCombobox } from '@narthex/vizkit';
import { useId, useState } from 'react';

import { frameName, FrameTable } from '../inspect/FrameTable';
import { DragHandle } from './DragHandle';
import { useFacts } from './facts';
import { isNarrowed, offeredQueries, queriesOfStep, withQueries } from './step_filter';
import { TransformForm } from './TransformForm';
import { namesOf } from './useStepFrames';

// What a person compares at a glance; all of it is in the inspector.
const FRAMES_MAX = 3;
const ROWS_MAX = 5;

function Frames({ title, frames }: { title: string; frames: readonly DataFrame[] }) {
  const all = [...frames];
  return (
    <section aria-label={title}>
      <h4>
        {title}: {frames.length === 1 ? '1 frame' : `${frames.length} frames`}
      </h4>
      {all.slice(0, FRAMES_MAX).map((frame, index) => {
        const name = frameName(frame, index, all);
        return (
          <div key={index}>
            <div>{name}</div>
            <FrameTable frame={frame} all={all} label={`${title}, ${name}`} rowCountMax={ROWS_MAX} />
          </div>
        );
      })}
      {frames.length > FRAMES_MAX && <p>{frames.length - FRAMES_MAX} more frames.</p>}
    </section>
  );
}

interface QueriesProps {
  step: AnyRecord;
  onChange: (step: AnyRecord) => void;
}

function Queries({ step, onChange }: QueriesProps) {
  const id = useId();
  const { refIds } = useFacts();
  return (
    <Field label="Apply transformation to" description="Queries; all of them where none is chosen" htmlFor={id} noMargin>
      <MultiCombobox id={id} options={offeredQueries(refIds, step).map((value) => ({ value, label: value }))} value={queriesOfStep(step)} onChange={(chosen) => onChange(withQueries(step, chosen.map(({ value }) => value)))} />
    </Field>
  );
}

interface StepProps {
  step: AnyRecord;
  name: string;
  place: number;
  stepCount: number;
  /** What reaches the step, and what leaves it. */
  input: DataFrame[];
  output: DataFrame[];
  onChange: (step: AnyRecord) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

export function TransformStep({ step, name, place, stepCount, input, output, onChange, onMove, onRemove }: StepProps) {
  const [isDebugged, setIsDebugged] = useState(false);
  const { refIds } = useFacts();
  const isOff = flag(step['disabled']);
  const narrowed = isNarrowed(step);
  return (
    <li className="query" aria-label={name}>
      <div className="query-head">
        {stepCount > 1 && <DragHandle label={`Drag ${name}`} place={place} onMove={onMove} />}
        <strong>{name}</strong>
        <IconButton name="arrow-up" tooltip="Earlier" disabled={place === 0} onClick={() => onMove(-1)} />
        <IconButton name="arrow-down" tooltip="Later" disabled={place === stepCount - 1} onClick={() => onMove(1)} />
        {(refIds.length > 1 || narrowed) && (
          <IconButton name="filter" variant={narrowed ? 'primary' : 'secondary'} aria-pressed={narrowed} tooltip={narrowed ? 'Apply to all queries' : 'Apply to some queries'} onClick={() => onChange(withQueries(step, narrowed ? undefined : []))} />
        )}
        <IconButton name="bug" variant={isDebugged ? 'primary' : 'secondary'} aria-pressed={isDebugged} tooltip="Debug: what comes in and goes out" onClick={() => setIsDebugged(!isDebugged)} />
        <IconButton name={isOff ? 'eye-slash' : 'eye'} tooltip={isOff ? 'Switch on' : 'Switch off'} onClick={() => onChange({ ...step, disabled: !isOff })} />
        <IconButton name="trash-alt" tooltip="Remove transformation" onClick={onRemove} />
      </div>
      {narrowed && <Queries step={step} onChange={onChange} />}
      <TransformForm id={text(step['id'])} options={record(step['options'])} names={namesOf(input)} onChange={(options) => onChange({ ...step, options })} />
      {isDebugged && (
        <div className="step-debug">
          <Frames title="Input" frames={input} />
          <Frames title="Output" frames={output} />
        </div>
      )}
    </li>
  );
}
