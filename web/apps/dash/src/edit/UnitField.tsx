// A unit: searched among those that are known, by category, or typed in.
import { Combobox } from '@narthex/vizkit';

import { unitChoice, unitChoices } from './units';

interface UnitFieldProps {
  id: string;
  value: string;
  onChange: (unit: string | undefined) => void;
}

const offer = (typed: string): Promise<ReturnType<typeof unitChoices>> => Promise.resolve(unitChoices(typed));

export function UnitField({ id, value, onChange }: UnitFieldProps) {
  return <Combobox id={id} options={offer} value={unitChoice(value) ?? null} placeholder="Choose, or write such as suffix:req, prefix:$, si:mF" isClearable onChange={(chosen) => onChange(chosen?.value)} />;
}
