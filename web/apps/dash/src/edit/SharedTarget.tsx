// A panel that shows the answer of another one of its dashboard.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, number, text } from '@narthex/dashmodel/json';
import { Combobox, Field, InlineSwitch } from '@narthex/vizkit';
import { useId } from 'react';

import { useScope } from '../dashboard/scope';

interface SharedTargetProps {
  /** Of the panel under edit, which cannot show its own. */
  ownId: number;
  target: AnyRecord;
  onChange: (target: AnyRecord) => void;
}

export function SharedTarget({ ownId, target, onChange }: SharedTargetProps) {
  const id = useId();
  const { dashboard } = useScope();
  const panels = dashboard.panels.flatMap((panel) => [panel, ...panel.panels]).filter((panel) => panel.type !== 'row' && panel.id !== ownId && panel.targets.length > 0);
  const chosen = number(target['panelId']);
  return (
    <div className="query query-options">
      <Field label="Panel" htmlFor={id} noMargin description="Its queries are asked once for both">
        <Combobox id={id} placeholder="Choose a panel" options={panels.map((panel) => ({ value: String(panel.id), label: panel.title || `Panel ${panel.id}` }))} value={chosen === undefined ? null : text(chosen)} onChange={({ value }) => onChange({ ...target, panelId: Number(value) })} />
      </Field>
      <Field label="With its transformations" htmlFor={`${id}-steps`} noMargin>
        <InlineSwitch id={`${id}-steps`} value={flag(target['withTransforms'])} onChange={(event) => onChange({ ...target, withTransforms: event.currentTarget.checked })} />
      </Field>
    </div>
  );
}
