// How long a gap between values is bridged, or from when on it is one: never, always, or by its length.
import { parseDurationMs } from '@narthex/timeutil';
import { Combobox } from '@narthex/vizkit';

import { lengthProblem } from './checks';
import { Draft } from './Draft';
import { gapMode, GAP_MODES, gapOf, gapText } from './gaps';

interface GapFieldProps {
  id: string;
  label: string;
  value: unknown;
  hasAlways: boolean;
  onChange: (value: unknown) => void;
}

export function GapField({ id, label, value, hasAlways, onChange }: GapFieldProps) {
  const mode = gapMode(value);
  return (
    <div className="query-legend">
      <Combobox id={id} options={GAP_MODES.filter((one) => hasAlways || one.value !== 'always')} value={mode} onChange={(chosen) => onChange(gapOf(chosen.value))} />
      {mode === 'threshold' && typeof value === 'number' && (
        <Draft id={`${id}-length`} label={`${label}: length`} value={gapText(value)} placeholder="1h" check={lengthProblem} onCommit={(draft) => onChange(parseDurationMs(draft) ?? value)} />
      )}
    </div>
  );
}
