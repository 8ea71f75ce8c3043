// A number, with a slider where it has two ends.
import { useEffect, useState } from 'react';

import { boundNote } from './checks';
import { Draft } from './Draft';
import { bounded, boundsOf } from './option_bounds';
import type { OptionSpec } from './option_spec';

interface NumberFieldProps {
  id: string;
  spec: OptionSpec;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

export function NumberField({ id, spec, value, onChange }: NumberFieldProps) {
  const bounds = boundsOf(spec);
  // While it is dragged; let go of, it is one step to undo.
  const [dragged, setDragged] = useState<number>();
  useEffect(() => setDragged(undefined), [value]);
  const shown = dragged ?? value;
  const commit = (): void => {
    if (dragged !== undefined && dragged !== value) onChange(dragged);
  };
  const field = (
    <Draft id={id} isNumber value={shown?.toString() ?? ''} placeholder="Auto" note={(draft) => boundNote(draft, bounds)} onCommit={(draft) => onChange(draft === '' ? undefined : bounded(Number(draft), bounds))} />
  );
  if (bounds.min === undefined || bounds.max === undefined) return field;
  return (
    <div className="option-slider">
      <input
        type="range"
        aria-label={`${spec.label}, slider`}
        min={bounds.min}
        max={bounds.max}
        step={bounds.step ?? 1}
        value={shown ?? bounds.min}
        onChange={(event) => setDragged(Number(event.currentTarget.value))}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      {field}
    </div>
  );
}
