// Range, end, resolution and looks of a graph.
import { NativeSelect, SegmentedControl, Switch } from '@mantine/core';

import { InstantInput } from '../../components/instant_input';
import { IconMinus, IconPlus } from '../../components/icons';
import { StepperInput } from '../../components/stepper_input';
import { formatDuration, parseDuration } from '../../lib/duration';
import type { PanelState } from '../../lib/panel_state';
import { chooseStep, nextRange, type Density, type Resolution } from '../../lib/step';
import styles from './tab.module.css';

interface GraphControlsProps {
  state: PanelState;
  onChange: (changes: Partial<PanelState>) => void;
}

const FIXED_STEPS = [1, 5, 15, 30, 60, 300, 900, 3600, 21600, 86400];
const DENSITIES: { value: Density; title: string }[] = [
  { value: 'low', title: 'Low' },
  { value: 'medium', title: 'Medium' },
  { value: 'high', title: 'High' },
];

const keyOf = (resolution: Resolution): string =>
  resolution.kind === 'auto' ? resolution.density : String(resolution.stepSeconds);

function parseKey(key: string): Resolution {
  const density = DENSITIES.find(({ value }) => value === key)?.value;
  return density === undefined
    ? { kind: 'fixed', stepSeconds: Number(key) }
    : { kind: 'auto', density };
}

function ResolutionSelect({ state, onChange }: GraphControlsProps) {
  const { resolution, rangeSeconds } = state;
  // A step from a link that the list lacks stands in it all the same.
  const steps =
    resolution.kind === 'fixed' && !FIXED_STEPS.includes(resolution.stepSeconds)
      ? [...FIXED_STEPS, resolution.stepSeconds].sort((a, b) => a - b)
      : FIXED_STEPS;
  return (
    <NativeSelect
      className={styles.select ?? ''}
      aria-label="Resolution"
      title="Resolution"
      value={keyOf(resolution)}
      onChange={(event) => onChange({ resolution: parseKey(event.currentTarget.value) })}
      data={[
        {
          group: 'Automatic',
          items: DENSITIES.map(({ value, title }) => ({
            value,
            label: `${title} res. (${formatDuration(chooseStep(rangeSeconds, { kind: 'auto', density: value }))})`,
          })),
        },
        {
          group: 'Fixed step',
          items: steps.map((seconds) => ({ value: String(seconds), label: `Step ${formatDuration(seconds)}` })),
        },
      ]}
    />
  );
}

export function GraphControls({ state, onChange }: GraphControlsProps) {
  const { rangeSeconds } = state;
  return (
    <>
      <StepperInput
        className={styles.range}
        label="Range"
        value={formatDuration(rangeSeconds)}
        width={84}
        down={{
          label: 'Narrower range',
          icon: <IconMinus />,
          onPress: () => onChange({ rangeSeconds: nextRange(rangeSeconds, 'narrower') }),
        }}
        up={{
          label: 'Wider range',
          icon: <IconPlus />,
          onPress: () => onChange({ rangeSeconds: nextRange(rangeSeconds, 'wider') }),
        }}
        onCommit={(text) => {
          const range = parseDuration(text);
          if (range === undefined || range <= 0) return false;
          onChange({ rangeSeconds: range });
          return true;
        }}
      />
      <InstantInput
        label="End time"
        placeholder="Now"
        value={state.endTime}
        shiftSeconds={rangeSeconds / 2}
        onChange={(endTime) => onChange({ endTime })}
      />
      <ResolutionSelect state={state} onChange={onChange} />
      <SegmentedControl
        size="xs"
        aria-label="Lines or stacked areas"
        value={state.isStacked ? 'stacked' : 'lines'}
        onChange={(value) => onChange({ isStacked: value === 'stacked' })}
        data={[
          { value: 'lines', label: 'Lines' },
          { value: 'stacked', label: 'Stacked' },
        ]}
      />
      <Switch
        size="sm"
        label="From zero"
        checked={state.isFromZero || state.isStacked}
        disabled={state.isStacked}
        onChange={(event) => onChange({ isFromZero: event.currentTarget.checked })}
      />
    </>
  );
}
