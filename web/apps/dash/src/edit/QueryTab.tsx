// The queries of a panel.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, records, text } from '@narthex/dashmodel/json';
import { EXPRESSION_SOURCE, findDataSource, isExpressionSource } from '@narthex/runner';
import { Button, Combobox, Field } from '@narthex/vizkit';
import { useId } from 'react';

import { useScope } from '../dashboard/scope';
import { withKind } from './expression_specs';
import { ExpressionRow } from './ExpressionRow';
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

const refOf = (json: AnyRecord) => {
  const ref = json['datasource'];
  return isRecord(ref) ? { uid: text(ref['uid']), type: text(ref['type']) } : null;
};

const isExpression = (target: AnyRecord): boolean => isExpressionSource(refOf(target));

export function QueryTab({ panel, onChange }: { panel: AnyRecord; onChange: (panel: AnyRecord) => void }) {
  const sourceId = useId();
  const { sources } = useScope();
  const keep = (one: string): string => one;
  const source = findDataSource(sources, refOf(panel), keep);
  const own = source ? { datasource: { type: source.type, uid: source.uid } } : {};
  const written = records(panel['targets']);
  // Somewhere to write the first one; it is none of the panel's before something is written.
  const targets: AnyRecord[] = written.length > 0 ? written : [{ refId: 'A', expr: '', editorMode: standardMode(source), ...own }];
  const set = (next: AnyRecord[]): void => onChange({ ...panel, targets: next });
  const refIds = targets.map((target) => text(target['refId']));
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
            onChange({ ...panel, datasource, targets: targets.map((target) => (isExpression(target) ? target : { ...target, datasource })) });
          }}
        />
      </Field>
      <ul className="queries">
        {targets.map((target, index) => {
          const tools = {
            target,
            onChange: (next: AnyRecord) => set(targets.map((one, at) => (at === index ? next : one))),
            onRemove: () => set(targets.filter((_, at) => at !== index)),
            onDuplicate: () => set([...targets, { ...target, refId: nextRefId(targets) }]),
          };
          const refId = text(target['refId']);
          return isExpression(target) ? <ExpressionRow key={refId} {...tools} others={refIds.filter((one) => one !== refId)} /> : <QueryRow key={refId} {...tools} source={source} panelKey={text(panel['id'])} />;
        })}
      </ul>
      <div className="button-row">
        <Button icon="plus" variant="secondary" onClick={() => set([...targets, { refId: nextRefId(targets), expr: '', editorMode: standardMode(source), ...own }])}>
          Add query
        </Button>
        <Button icon="plus" variant="secondary" onClick={() => set([...targets, withKind({ refId: nextRefId(targets), datasource: EXPRESSION_SOURCE }, 'math', refIds)])}>
          Add expression
        </Button>
      </div>
    </div>
  );
}
