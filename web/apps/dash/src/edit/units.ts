// The units to choose from, by what is typed. Pure but for what @grafana/data knows. Source: spec grafana.md, FIELD-9.
import { getValueFormats } from '@grafana/data';

export interface UnitChoice {
  value: string;
  label: string;
  group: string;
}

let all: UnitChoice[] | undefined;

function knownUnits(): UnitChoice[] {
  all ??= getValueFormats().flatMap(({ text: group, submenu }) => submenu.map(({ text, value }) => ({ value, label: `${group} / ${text}`, group })));
  return all;
}

const custom = (value: string): UnitChoice => ({ value, label: `Custom unit: ${value}`, group: 'Custom' });

/** How a unit is called; undefined for none. */
export function unitChoice(value: string): UnitChoice | undefined {
  if (value === '') return undefined;
  return knownUnits().find((one) => one.value === value) ?? { ...custom(value), label: value };
}

/** Those with all the words in their name, category or id; what was typed itself comes last. */
export function unitChoices(typed: string): UnitChoice[] {
  const wanted = typed.trim();
  const words = wanted.toLowerCase().split(/\s+/);
  const found = knownUnits().filter(({ value, label }) => words.every((word) => `${label} ${value}`.toLowerCase().includes(word)));
  return wanted === '' || found.some(({ value }) => value === wanted) ? found : [...found, custom(wanted)];
}
