// The options of one query: folded, in words.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, number, text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, InlineSwitch } from '@narthex/vizkit';
import { useId, useState } from 'react';

import { stepProblem } from './checks';
import { Draft } from './Draft';
import { FORMATS, hasResolution, LEGEND_MODES, legendFormatOf, legendMode, optionsInWords, RESOLUTIONS, TYPES, typeOf, withQueryType } from './query_options';

interface OptionsProps {
  target: AnyRecord;
  /** As it stands in the field, run or not. */
  expr: string;
  onChange: (target: AnyRecord) => void;
}

function Legend({ legendFormat, onChange }: { legendFormat: string; onChange: (legendFormat: string) => void }) {
  const id = useId();
  const mode = legendMode(legendFormat);
  return (
    <Field label="Legend" htmlFor={`${id}-mode`} noMargin>
      <div className="query-legend">
        <Combobox id={`${id}-mode`} options={LEGEND_MODES} value={mode} onChange={({ value }) => onChange(value === mode ? legendFormat : legendFormatOf(value))} />
        {mode === 'custom' && <Draft id={`${id}-text`} label="Legend format" value={legendFormat} placeholder="{{label_name}}" onCommit={onChange} />}
      </div>
    </Field>
  );
}

function Controls({ target, expr, onChange }: OptionsProps) {
  const id = useId();
  const set = (change: AnyRecord): void => onChange({ ...target, expr, ...change });
  return (
    <div className="query-options">
      <Legend legendFormat={text(target['legendFormat'])} onChange={(legendFormat) => set({ legendFormat })} />
      <Field label="Min step" htmlFor={`${id}-step`} noMargin>
        <Draft id={`${id}-step`} value={text(target['interval'])} placeholder="auto" check={stepProblem} onCommit={(interval) => set({ interval })} />
      </Field>
      <Field label="Format" htmlFor={`${id}-format`} noMargin>
        <Combobox id={`${id}-format`} options={FORMATS} value={text(target['format'], 'time_series')} onChange={({ value }) => set({ format: value })} />
      </Field>
      <Field label="Type" htmlFor={`${id}-type`} noMargin>
        <Combobox id={`${id}-type`} options={TYPES} value={typeOf(target)} onChange={({ value }) => onChange(withQueryType({ ...target, expr }, value))} />
      </Field>
      {hasResolution(target) && (
        <Field label="Resolution" htmlFor={`${id}-resolution`} noMargin>
          <Combobox id={`${id}-resolution`} options={RESOLUTIONS} value={text(target['intervalFactor'], '1')} onChange={({ value }) => set({ intervalFactor: number(value, 1) })} />
        </Field>
      )}
      <Field label="Exemplars" htmlFor={`${id}-exemplar`} noMargin>
        <InlineSwitch id={`${id}-exemplar`} value={flag(target['exemplar'])} onChange={(event) => set({ exemplar: event.currentTarget.checked })} />
      </Field>
    </div>
  );
}

export function QueryOptions(props: OptionsProps) {
  const { target } = props;
  const [isOpen, setIsOpen] = useState(true);
  return (
    <section aria-label={`Options of query ${text(target['refId'])}`}>
      <Button size="sm" variant="secondary" fill="text" icon={isOpen ? 'angle-down' : 'angle-right'} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? 'Options' : optionsInWords(target)}
      </Button>
      {isOpen && <Controls {...props} />}
    </section>
  );
}
