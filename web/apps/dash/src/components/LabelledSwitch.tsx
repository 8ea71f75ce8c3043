import { InlineSwitch } from '@narthex/vizkit';
import { useId } from 'react';

export function LabelledSwitch({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  const id = useId();
  return <InlineSwitch id={id} label={label} showLabel transparent value={value} onChange={(event) => onChange(event.currentTarget.checked)} />;
}
