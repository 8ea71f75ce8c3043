// The queries of a panel.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';
import { findDataSource } from '@narthex/runner';
import { Button, Combobox, Field } from '@narthex/vizkit';
import { useId } from 'react';

import { useScope } from '../dashboard/scope';
import { standardMode } from './mode';
import { QueryRow } from './QueryRow';

function nextRefId(targets: readonly AnyRecord[]): string {
  const taken = new Set(targets.map((target) => text(target['refId'])));
  for (let code = 65; code < 91; code += 1) {
    const letter = String.fromCharCode(code);
    if (!taken.has(letter)) return letter;
  }
  return `Q${targets.length}`;
}

export function QueryTab({ panel, onChange }: { panel: AnyRecord; onChange: (panel: AnyRecord) => void }) {
  const sourceId = useId();
  const { sources } = useScope();
  const targets = records(panel['targets']);
  const keep = (one: string): string => one;
  const ref = isRecord(panel['datasource']) ? { uid: text(record(panel['datasource'])['uid']), type: text(record(panel['datasource'])['type']) } : null;
  const source = findDataSource(sources, ref, keep);
  const set = (next: AnyRecord[]): void => onChange({ ...panel, targets: next });
  const own = source ? { datasource: { type: source.type, uid: source.uid } } : {};
  return (
    <div className="query-tab">
      <Field label="Data source" htmlFor={sourceId} noMargin>
        <Combobox
          id={sourceId}
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
          <QueryRow
            key={text(target['refId'])}
            target={target}
            source={source}
            onChange={(next) => set(targets.map((one, at) => (at === index ? next : one)))}
            onRemove={() => set(targets.filter((_, at) => at !== index))}
            onDuplicate={() => set([...targets, { ...target, refId: nextRefId(targets) }])}
          />
        ))}
      </ul>
      <Button icon="plus" variant="secondary" onClick={() => set([...targets, { refId: nextRefId(targets), expr: '', editorMode: standardMode(source), ...own }])}>
        Add query
      </Button>
    </div>
  );
}
