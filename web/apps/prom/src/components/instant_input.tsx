// A field for an instant, empty for "now", with buttons that shift it.
import { IconLeft, IconRight } from './icons';
import { StepperInput } from './stepper_input';
import { useSettings } from '../shell/settings';
import { formatInstant, parseInstant } from '../lib/time_text';

interface InstantInputProps {
  label: string;
  placeholder: string;
  // Seconds since the epoch; undefined is now.
  value: number | undefined;
  shiftSeconds: number;
  onChange: (value: number | undefined) => void;
}

export function InstantInput({ label, placeholder, value, shiftSeconds, onChange }: InstantInputProps) {
  const { timeZone } = useSettings();
  const shift = (seconds: number) => onChange(Math.floor(value ?? Date.now() / 1000) + seconds);
  return (
    <StepperInput
      label={label}
      value={value === undefined ? '' : formatInstant(value, timeZone)}
      placeholder={placeholder}
      width={196}
      down={{ label: `${label} earlier`, icon: <IconLeft />, onPress: () => shift(-shiftSeconds) }}
      up={{ label: `${label} later`, icon: <IconRight />, onPress: () => shift(shiftSeconds) }}
      onClear={() => onChange(undefined)}
      onCommit={(text) => {
        if (text.trim() === '') {
          onChange(undefined);
          return true;
        }
        const instant = parseInstant(text, timeZone);
        if (instant === undefined) return false;
        onChange(instant);
        return true;
      }}
    />
  );
}
