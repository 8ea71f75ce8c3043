// The queries of a panel.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, isRecord, record, records, text } from '@narthex/dashmodel/json';
import { findDataSource } from '@narthex/runner';
import { Button, Combobox, Field, IconButton, InlineSwitch } from '@narthex/vizkit';
import { useEffect, useId, useState } from 'react';

import { useScope } from '../dashboard/scope';
import { Draft } from './form';
import { PromqlField } from './PromqlField';

const FORMATS = [
  { value: 'time_series', label: 'Time series' },
  { value: 'table', label: 'Table' },
  { value: 'heatmap', label: 'Heatmap' },
];
const TYPES = [
  { value: 'range', label: 'Range' },
  { value: 'instant', label: 'Instant' },
  { value: 'both', label: 'Both' },
];

function typeOf(target: AnyRecord): string {
  if (flag(target['instant'])) return flag(target['range']) ? 'both' : 'instant';
  return 'range';
}

interface QueryProps {
  target: AnyRecord;
  sourceUid: string;
  onChange: (target: AnyRecord) => void;
  onRemove: () => void;
  onDuplicate: () => void;
}

function Query({ target, sourceUid, onChange, onRemove, onDuplicate }: QueryProps) {
  const id = useId();
  const saved = text(target['expr']);
  const [expr, setExpr] = useState(saved);
  useEffect(() => setExpr(saved), [saved]);
  const run = (value: string): void => {
    if (value !== saved) onChange({ ...target, expr: value });
  };
  const refId = text(target['refId']);
  return (
    <li className="query" aria-label={`Query ${refId}`}>
      <div className="query-head">
        <strong>{refId}</strong>
        <IconButton name={flag(target['hide']) ? 'eye-slash' : 'eye'} tooltip={flag(target['hide']) ? 'Show' : 'Hide'} onClick={() => onChange({ ...target, hide: !flag(target['hide']) })} />
        <IconButton name="copy" tooltip="Duplicate query" onClick={onDuplicate} />
        <IconButton name="trash-alt" tooltip="Remove query" onClick={onRemove} />
        <Button size="sm" variant="secondary" icon="play" onClick={() => run(expr)}>
          Run
        </Button>
      </div>
      <PromqlField label={`Expression of query ${refId}`} text={expr} sourceUid={sourceUid} onChange={setExpr} onExecute={run} />
      <div className="query-options">
        <Field label="Legend" htmlFor={`${id}-legend`} noMargin>
          <Draft id={`${id}-legend`} value={text(target['legendFormat'])} placeholder="Auto, or {{label}}" onCommit={(legendFormat) => onChange({ ...target, expr, legendFormat })} />
        </Field>
        <Field label="Min step" htmlFor={`${id}-step`} noMargin>
          <Draft id={`${id}-step`} value={text(target['interval'])} placeholder="auto" onCommit={(interval) => onChange({ ...target, expr, interval })} />
        </Field>
        <Field label="Format" htmlFor={`${id}-format`} noMargin>
          <Combobox id={`${id}-format`} options={FORMATS} value={text(target['format'], 'time_series')} onChange={({ value }) => onChange({ ...target, expr, format: value })} />
        </Field>
        <Field label="Type" htmlFor={`${id}-type`} noMargin>
          <Combobox
            id={`${id}-type`}
            options={TYPES}
            value={typeOf(target)}
            onChange={({ value }) => onChange({ ...target, expr, instant: value !== 'range', range: value !== 'instant' })}
          />
        </Field>
        <Field label="Exemplars" htmlFor={`${id}-exemplar`} noMargin>
          <InlineSwitch id={`${id}-exemplar`} value={flag(target['exemplar'])} onChange={(event) => onChange({ ...target, expr, exemplar: event.currentTarget.checked })} />
        </Field>
      </div>
    </li>
  );
}

function nextRefId(targets: readonly AnyRecord[]): string {
  const taken = new Set(targets.map((target) => text(target['refId'])));
  for (let code = 65; code < 91; code += 1) {
    const letter = String.fromCharCode(code);
    if (!taken.has(letter)) return letter;
  }
  return `Q${targets.length}`;
}

export function QueryTab({ panel, onChange }: { panel: AnyRecord; onChange: (panel: AnyRecord) => void }) {
  const { sources } = useScope();
  const targets = records(panel['targets']);
  const keep = (one: string): string => one;
  const ref = isRecord(panel['datasource']) ? { uid: text(record(panel['datasource'])['uid']), type: text(record(panel['datasource'])['type']) } : null;
  const source = findDataSource(sources, ref, keep);
  const set = (next: AnyRecord[]): void => onChange({ ...panel, targets: next });
  const own = source ? { datasource: { type: source.type, uid: source.uid } } : {};
  return (
    <div className="query-tab">
      <Field label="Data source" htmlFor="panel-source" noMargin>
        <Combobox
          id="panel-source"
          options={sources.dataSources.map(({ uid, name }) => ({ value: uid, label: name }))}
          value={source?.uid ?? null}
          onChange={({ value }) => {
            const chosen = sources.dataSources.find(({ uid }) => uid === value);
            const datasource = { type: chosen?.type ?? '', uid: value };
            onChange({ ...panel, datasource, targets: targets.map((target) => ({ ...target, datasource })) });
          }}
        />
      </Field>
      <ul className="queries">
        {targets.map((target, index) => (
          <Query
            key={text(target['refId'])}
            target={target}
            sourceUid={source?.uid ?? ''}
            onChange={(next) => set(targets.map((one, at) => (at === index ? next : one)))}
            onRemove={() => set(targets.filter((_, at) => at !== index))}
            onDuplicate={() => set([...targets, { ...target, refId: nextRefId(targets) }])}
          />
        ))}
      </ul>
      <Button icon="plus" variant="secondary" onClick={() => set([...targets, { refId: nextRefId(targets), expr: '', ...own }])}>
        Add query
      </Button>
    </div>
  );
}
