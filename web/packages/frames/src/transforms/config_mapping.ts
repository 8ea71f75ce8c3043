// Values in data that set the configuration of fields: what rowsToFields and configFromData share.
import { ThresholdsMode, type FieldConfig } from '@grafana/data';
import { number, records, text } from '@narthex/dashmodel/json';

type Apply = (config: FieldConfig, value: unknown) => void;

function addThreshold(config: FieldConfig, value: unknown, color: string): void {
  const at = number(value);
  if (at === undefined) return;
  const steps = config.thresholds?.steps ?? [{ value: -Infinity, color: 'green' }];
  config.thresholds = { mode: ThresholdsMode.Absolute, steps: [...steps, { value: at, color }].toSorted((a, b) => a.value - b.value) };
}

function setNumber(key: 'min' | 'max' | 'decimals'): Apply {
  return (config, value) => {
    const read = number(value);
    if (read !== undefined) config[key] = read;
  };
}

const APPLY: Readonly<Record<string, Apply>> = {
  min: setNumber('min'),
  max: setNumber('max'),
  decimals: setNumber('decimals'),
  unit: (config, value) => {
    if (value != null) config.unit = String(value);
  },
  displayName: (config, value) => {
    if (value != null) config.displayName = String(value);
  },
  color: (config, value) => {
    if (value != null) config.color = { mode: 'fixed', fixedColor: String(value) };
  },
  threshold1: (config, value) => addThreshold(config, value, 'red'),
  threshold2: (config, value) => addThreshold(config, value, 'dark-red'),
};

// Other names a column may have and still be understood.
const SYNONYMS: Readonly<Record<string, string>> = { name: 'displayName', colour: 'color', displayname: 'displayName' };

/** The key of a handler for a column: the one chosen, else what its name says; undefined for none. */
export function handlerFor(fieldName: string, mappings: unknown): { key: string | undefined; reducer: string } {
  const chosen = records(mappings).find((mapping) => mapping['fieldName'] === fieldName);
  const reducer = text(chosen?.['reducerId'], 'lastNotNull');
  const key = text(chosen?.['handlerKey']);
  if (key === '__ignore') return { key: undefined, reducer };
  if (key) return { key, reducer };
  const plain = SYNONYMS[fieldName.toLowerCase()] ?? fieldName;
  return { key: plain in APPLY ? plain : undefined, reducer };
}

export function applyHandler(key: string, config: FieldConfig, value: unknown): void {
  APPLY[key]?.(config, value);
}
