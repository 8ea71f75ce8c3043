// A unit: one of those that are known, found by its name, or any text that stands behind the number.
import { getValueFormats } from '@grafana/data';
import { Combobox } from '@narthex/vizkit';

const UNITS = getValueFormats().flatMap(({ text: group, submenu = [] }) => submenu.map(({ text, value }) => ({ value: value ?? '', label: text, description: value ?? '', group })));

export function UnitField({ id, value, onChange }: { id: string; value: string; onChange: (unit: string | undefined) => void }) {
  const options = value === '' || UNITS.some((unit) => unit.value === value) ? UNITS : [{ value, label: value, description: 'Custom', group: 'Custom' }, ...UNITS];
  return <Combobox id={id} options={options} value={value || null} placeholder="Choose" createCustomValue isClearable onChange={(chosen) => onChange(chosen?.value)} />;
}
