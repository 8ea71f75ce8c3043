// From the base units of metrics to the units of panels.
import type { Family } from './types';

const AS_IS: Readonly<Record<string, string>> = {
  seconds: 's',
  milliseconds: 'ms',
  bytes: 'bytes',
  bits: 'bits',
  ratio: 'percentunit',
  percent: 'percent',
  celsius: 'celsius',
  fahrenheit: 'fahrenheit',
  kelvin: 'kelvin',
  volts: 'volt',
  amperes: 'amp',
  watts: 'watt',
  joules: 'joule',
  grams: 'massg',
  meters: 'lengthm',
  hertz: 'hertz',
};

const PER_SECOND: Readonly<Record<string, string>> = {
  bytes: 'Bps',
  bits: 'bps',
  // A second of work in a second of time: how busy something is.
  seconds: 'percentunit',
  joules: 'watt',
};

/** `short` for numbers without a unit. */
export const valueUnit = ({ unit }: Family): string => AS_IS[unit] ?? 'short';

export function rateUnit({ name, unit }: Family): string {
  const known = PER_SECOND[unit];
  if (known) return known;
  return /requests?(_|$)/.test(name) ? 'reqps' : 'cps';
}
