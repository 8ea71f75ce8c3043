// The variables of a dashboard.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, IconButton } from '@narthex/vizkit';
import { useId, useState } from 'react';

import { useSession } from '../session/SessionGate';
import { OptionForm, type OptionSpec } from './form';

const TYPES: NonNullable<OptionSpec['choices']> = [
  ['query', 'Query'],
  ['custom', 'Custom'],
  ['textbox', 'Text box'],
  ['constant', 'Constant'],
  ['interval', 'Interval'],
  ['datasource', 'Data source'],
  ['adhoc', 'Ad hoc filters'],
  ['groupby', 'Group by'],
];

const HEAD: readonly OptionSpec[] = [
  { path: 'name', label: 'Name', kind: 'text' },
  { path: 'type', label: 'Type', kind: 'choice', choices: TYPES },
  { path: 'label', label: 'Label', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'text' },
];
const MANY: readonly OptionSpec[] = [
  { path: 'multi', label: 'Several values', kind: 'switch' },
  { path: 'includeAll', label: 'All as a choice', kind: 'switch' },
  { path: 'allValue', label: 'Value of All', kind: 'text' },
];
const QUERY_HINT = 'label_values(metric, label), label_names(), metrics(regex), query_result(expr)';

const OF_TYPE: Readonly<Record<string, readonly OptionSpec[]>> = {
  query: [
    { path: 'query', label: 'Query', kind: 'text', hint: QUERY_HINT },
    { path: 'regex', label: 'Regex', kind: 'text' },
    { path: 'sort', label: 'Sort', kind: 'number', fallback: 0 },
    { path: 'refresh', label: 'Refresh (1 on load, 2 with the range)', kind: 'number', fallback: 1 },
    ...MANY,
  ],
  custom: [{ path: 'query', label: 'Values, separated by commas', kind: 'text' }, ...MANY],
  textbox: [{ path: 'query', label: 'Default', kind: 'text' }],
  constant: [{ path: 'query', label: 'Value', kind: 'text' }],
  interval: [
    { path: 'query', label: 'Intervals', kind: 'text' },
    { path: 'auto', label: 'Auto', kind: 'switch' },
    { path: 'auto_count', label: 'Auto steps', kind: 'number', fallback: 30 },
    { path: 'auto_min', label: 'Auto least', kind: 'text', fallback: '10s' },
  ],
  datasource: [{ path: 'query', label: 'Type', kind: 'text' }, { path: 'regex', label: 'Names matching', kind: 'text' }, ...MANY],
};
const TAIL: readonly OptionSpec[] = [
  { path: 'hide', label: 'Hide (1 label, 2 all)', kind: 'number', fallback: 0 },
  { path: 'skipUrlSync', label: 'Keep out of the address', kind: 'switch' },
];

/** The query of a file may be an object; the form shows and writes its text. */
function flat(variable: AnyRecord): AnyRecord {
  return isRecord(variable['query']) ? { ...variable, query: text(record(variable['query'])['query']) } : variable;
}

function fresh(count: number): AnyRecord {
  return { name: `variable${count + 1}`, type: 'query', query: '', refresh: 1, options: [], current: {} };
}

const ASKS: ReadonlySet<string> = new Set(['query', 'adhoc', 'groupby']);

function SourceField({ variable, onChange }: { variable: AnyRecord; onChange: (variable: AnyRecord) => void }) {
  const id = useId();
  const { dataSources } = useSession().settings;
  const uid = text(record(variable['datasource'])['uid']);
  return (
    <Field label="Data source" htmlFor={id} noMargin className="option-field" description="The default one unless chosen.">
      <Combobox
        id={id}
        options={dataSources.map((source) => ({ value: source.uid, label: source.name }))}
        value={uid || null}
        createCustomValue
        isClearable
        onChange={(chosen) => onChange({ ...variable, datasource: chosen ? { uid: chosen.value, type: dataSources.find((source) => source.uid === chosen.value)?.type ?? 'prometheus' } : undefined })}
      />
    </Field>
  );
}

export function VariablesPane({ json, onChange }: { json: AnyRecord; onChange: (json: AnyRecord) => void }) {
  const list = records(record(json['templating'])['list']);
  const [openIndex, setOpenIndex] = useState<number>();
  const set = (next: AnyRecord[]): void => onChange({ ...json, templating: { ...record(json['templating']), list: next } });
  const replace = (index: number, next: AnyRecord): void => set(list.map((one, at) => (at === index ? next : one)));
  const moveUp = (index: number): void => {
    const next = [...list];
    const [one] = next.splice(index, 1);
    if (one) next.splice(index - 1, 0, one);
    set(next);
  };
  return (
    <section aria-label="Variables" className="option-list">
      {list.length === 0 && <p>A variable lets whoever looks at the dashboard choose a host, a job, an interval.</p>}
      <ul className="queries">
        {list.map((variable, index) => (
          <li key={index} className="query" aria-label={`Variable ${text(variable['name'])}`}>
            <div className="query-head">
              <Button size="sm" variant="secondary" fill="text" aria-expanded={openIndex === index} onClick={() => setOpenIndex(openIndex === index ? undefined : index)}>
                ${text(variable['name'])}
              </Button>
              <span>{text(variable['type'])}</span>
              <IconButton name="arrow-up" tooltip="Earlier" disabled={index === 0} onClick={() => moveUp(index)} />
              <IconButton name="trash-alt" tooltip="Remove variable" onClick={() => set(list.filter((_, at) => at !== index))} />
            </div>
            {openIndex === index && (
              <>
                <OptionForm root={flat(variable)} specs={[...HEAD, ...(OF_TYPE[text(variable['type'])] ?? []), ...TAIL]} onChange={(next) => replace(index, next)} />
                {ASKS.has(text(variable['type'])) && <SourceField variable={variable} onChange={(next) => replace(index, next)} />}
              </>
            )}
          </li>
        ))}
      </ul>
      <Button
        icon="plus"
        variant="secondary"
        onClick={() => {
          set([...list, fresh(list.length)]);
          setOpenIndex(list.length);
        }}
      >
        Add variable
      </Button>
    </section>
  );
}
