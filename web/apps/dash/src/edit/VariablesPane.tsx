// The variables of a dashboard.
import type { AnyRecord } from '@narthex/dashmodel';
import { record, records, text } from '@narthex/dashmodel/json';
import { Button, Combobox, Field, IconButton } from '@narthex/vizkit';
import { useId, useMemo, useState } from 'react';

import { useScope } from '../dashboard/scope';
import { useSession } from '../session/SessionGate';
import { Draft } from './Draft';
import { OptionForm } from './form';
import { countUses, flat, freeName, settledVariable, variableSpecs } from './variable_specs';

const ASKS: ReadonlySet<string> = new Set(['query', 'adhoc', 'groupby']);
const PREVIEW_MAX = 20;

interface VariableProps {
  variable: AnyRecord;
  onChange: (variable: AnyRecord) => void;
}

function SourceField({ variable, onChange }: VariableProps) {
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

interface HandListProps extends VariableProps {
  path: 'staticOptions' | 'defaultKeys';
  legend: string;
  /** Of each: for its name and the button that makes one. */
  what: 'choice' | 'key';
}

/** Values, and what they are shown as, that are there whatever the data source finds. */
function HandList({ variable, path, legend, what, onChange }: HandListProps) {
  const all = records(variable[path]);
  const set = (next: AnyRecord[]): void => {
    const { [path]: _before, ...rest } = variable;
    onChange(next.length > 0 ? { ...rest, [path]: next } : rest);
  };
  const replace = (index: number, change: AnyRecord): void => set(all.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <fieldset className="option-list">
      <legend>{legend}</legend>
      {all.map((one, index) => (
        <div key={index} className="option-row" role="group" aria-label={`${what === 'key' ? 'Key' : 'Choice'} ${index + 1}`}>
          <Draft id={`${path}-${index}-value`} label="Value" placeholder="Value" value={text(one['value'])} onCommit={(value) => replace(index, { value, text: text(one['text']) || value })} />
          <Draft id={`${path}-${index}-text`} label="Shown as" placeholder="Shown as" value={text(one['text'])} onCommit={(shown) => replace(index, { text: shown })} />
          <IconButton name="trash-alt" tooltip={`Remove ${what} ${index + 1}`} onClick={() => set(all.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...all, { value: '', text: '' }])}>
        Add {what}
      </Button>
    </fieldset>
  );
}

/** The choices as they are now. */
function Preview({ name }: { name: string }) {
  const { variables } = useScope();
  const [isWhole, setIsWhole] = useState(false);
  const variable = variables.find((one) => one.name === name);
  if (!variable || variable.options.length === 0) return null;
  const shown = isWhole ? variable.options : variable.options.slice(0, PREVIEW_MAX);
  return (
    <section aria-label={`Values of ${name}`} className="option-list">
      <h3>{variable.options.length === 1 ? '1 value' : `${variable.options.length} values`}</h3>
      <p className="value-preview">
        {shown.map(({ text: label, value }) => (
          <code key={value} title={value}>
            {label}
          </code>
        ))}
      </p>
      {variable.options.length > shown.length && (
        <Button size="sm" variant="secondary" fill="text" onClick={() => setIsWhole(true)}>
          Show all
        </Button>
      )}
    </section>
  );
}

function VariableForm({ variable, onChange }: VariableProps) {
  const type = text(variable['type']);
  return (
    <>
      <OptionForm root={flat(variable)} specs={variableSpecs(variable)} onChange={(next) => onChange(settledVariable(next))} />
      {ASKS.has(type) && <SourceField variable={variable} onChange={onChange} />}
      {type === 'query' && <HandList variable={variable} path="staticOptions" legend="Choices by hand" what="choice" onChange={onChange} />}
      {type === 'adhoc' && <HandList variable={variable} path="defaultKeys" legend="Static keys, instead of those of the data source" what="key" onChange={onChange} />}
      <Preview name={text(variable['name'])} />
    </>
  );
}

function fresh(list: readonly AnyRecord[]): AnyRecord {
  const name = freeName(`variable${list.length + 1}`, list.map((one) => text(one['name'])));
  return { name, type: 'query', query: '', refresh: 1, options: [], current: {} };
}

function Uses({ json, name }: { json: AnyRecord; name: string }) {
  const count = useMemo(() => countUses(json, name), [json, name]);
  return <small className="option-hint">{count === 0 ? 'not used' : count === 1 ? 'used once' : `used ${count} times`}</small>;
}

export function VariablesPane({ json, onChange }: { json: AnyRecord; onChange: (json: AnyRecord) => void }) {
  const list = records(record(json['templating'])['list']);
  const [openIndex, setOpenIndex] = useState<number>();
  const set = (next: AnyRecord[]): void => onChange({ ...json, templating: { ...record(json['templating']), list: next } });
  const replace = (index: number, next: AnyRecord): void => set(list.map((one, at) => (at === index ? next : one)));
  const move = (index: number, by: number): void => {
    const next = [...list];
    const [one] = next.splice(index, 1);
    if (one) next.splice(index + by, 0, one);
    setOpenIndex(undefined);
    set(next);
  };
  const duplicate = (variable: AnyRecord): void => set([...list, { ...variable, name: freeName(`copy_of_${text(variable['name'])}`, list.map((one) => text(one['name']))) }]);
  return (
    <section aria-label="Variables" className="option-list">
      {list.length === 0 && <p>A variable lets whoever looks at the dashboard choose a host, a job, an interval.</p>}
      <ul className="queries">
        {list.map((variable, index) => {
          const name = text(variable['name']);
          return (
            <li key={index} className="query" aria-label={`Variable ${name}`}>
              <div className="query-head">
                <Button size="sm" variant="secondary" fill="text" aria-expanded={openIndex === index} onClick={() => setOpenIndex(openIndex === index ? undefined : index)}>
                  ${name}
                </Button>
                <span>{text(variable['type'])}</span>
                <Uses json={json} name={name} />
                <IconButton name="arrow-up" tooltip="Earlier" disabled={index === 0} onClick={() => move(index, -1)} />
                <IconButton name="arrow-down" tooltip="Later" disabled={index === list.length - 1} onClick={() => move(index, 1)} />
                <IconButton name="copy" tooltip="Duplicate variable" onClick={() => duplicate(variable)} />
                <IconButton name="trash-alt" tooltip="Remove variable" onClick={() => set(list.filter((_, at) => at !== index))} />
              </div>
              {openIndex === index && <VariableForm variable={variable} onChange={(next) => replace(index, next)} />}
            </li>
          );
        })}
      </ul>
      <Button
        icon="plus"
        variant="secondary"
        onClick={() => {
          set([...list, fresh(list)]);
          setOpenIndex(list.length);
        }}
      >
        Add variable
      </Button>
    </section>
  );
}
