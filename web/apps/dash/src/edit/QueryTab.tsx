// The queries of a panel.
import type { AnyRecord } from '@narthex/dashmodel';
import { isRecord, number, records, text } from '@narthex/dashmodel/json';
import { EXPRESSION_SOURCE, findDataSource, isExpressionSource, panelLookup } from '@narthex/runner';
import { interpolate } from '@narthex/vars';
import { Button, Combobox, Field } from '@narthex/vizkit';
import { useId } from 'react';

import { useScope } from '../dashboard/scope';
import { withKind } from './expression_specs';
import { ExpressionRow } from './ExpressionRow';
import { AUTO_LEGEND } from './LegendField';
import { standardMode } from './mode';
import { QueryRow } from './QueryRow';
import { SharedTarget } from './SharedTarget';

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

const MIXED = { type: 'datasource', uid: '-- Mixed --' };
const SHARED = { type: 'datasource', uid: '-- Dashboard --' };

/** Data sources by name, and the variables that stand for one. */
function useSourceChoices() {
  const { sources, variables } = useScope();
  const named = sources.dataSources.map(({ uid, name, type }) => ({ value: uid, label: name, description: type }));
  const variable = variables.filter(({ type }) => type === 'datasource').map(({ name, query }) => ({ value: `\${${name}}`, label: `\${${name}}`, description: query }));
  const refFor = (uid: string): AnyRecord => {
    const type = sources.dataSources.find((source) => source.uid === uid)?.type ?? variable.find(({ value }) => value === uid)?.description ?? '';
    return { type, uid };
  };
  return { choices: [...named, ...variable], refFor };
}

interface QueryTabProps {
  panel: AnyRecord;
  /** Outside of a dashboard all queries ask one data source, and the page lists its metrics. */
  isAlone?: boolean;
  onChange: (panel: AnyRecord) => void;
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}

export function QueryTab({ panel, isAlone = false, onChange }: QueryTabProps) {
  const sourceId = useId();
  const { sources, variables, builtins } = useScope();
  const { choices, refFor } = useSourceChoices();
  const lookup = panelLookup(variables, {}, builtins);
  const write = (one: string): string => interpolate(one, { lookup });
  const ref = refOf(panel);
  const isMixed = ref?.uid === MIXED.uid;
  const source = findDataSource(sources, ref, write);
  const own = isMixed ? { datasource: refFor(source?.uid ?? '') } : ref?.uid ? { datasource: refFor(ref.uid) } : source ? { datasource: { type: source.type, uid: source.uid } } : {};
  const fresh = { expr: '', legendFormat: AUTO_LEGEND, range: true, editorMode: standardMode(source), ...own };
  const written = records(panel['targets']);
  // Somewhere to write the first one; it is none of the panel's before something is written.
  const targets: AnyRecord[] = written.length > 0 ? written : [{ refId: 'A', ...fresh }];
  const set = (next: AnyRecord[]): void => onChange({ ...panel, targets: next });
  const refIds = targets.map((target) => text(target['refId']));
  const setSource = (uid: string): void => {
    if (uid === SHARED.uid) onChange({ ...panel, datasource: SHARED, targets: [{ refId: 'A', datasource: SHARED }] });
    else if (uid === MIXED.uid) onChange({ ...panel, datasource: MIXED, targets: targets.map((target) => (refOf(target)?.uid ? target : { ...target, ...own })) });
    else onChange({ ...panel, datasource: refFor(uid), targets: (ref?.uid === SHARED.uid ? [{ refId: 'A', ...fresh }] : targets).map((target) => (isExpression(target) ? target : { ...target, datasource: refFor(uid) })) });
  };
  const special = isAlone ? [] : [{ value: MIXED.uid, label: MIXED.uid, description: 'Each query its own' }, { value: SHARED.uid, label: SHARED.uid, description: 'The answer of another panel' }];
  return (
    <div className="query-tab">
      <Field label="Data source" htmlFor={sourceId} noMargin>
        <Combobox id={sourceId} options={[...choices, ...special]} value={isMixed || ref?.uid === SHARED.uid || ref?.uid.startsWith('$') ? (ref?.uid ?? null) : (source?.uid ?? null)} onChange={({ value }) => setSource(value)} />
      </Field>
      {ref?.uid === SHARED.uid ? (
        <SharedTarget ownId={number(panel['id'], 0)} target={targets[0] ?? {}} onChange={(target) => set([target])} />
      ) : (
        <ul className="queries">
          {targets.map((target, index) => {
            const refId = text(target['refId']);
            const tools = {
              target,
              onChange: (next: AnyRecord) => set(targets.map((one, at) => (at === index ? next : one))),
              onRemove: () => set(targets.filter((_, at) => at !== index)),
              onDuplicate: () => set([...targets, { ...target, refId: nextRefId(targets) }]),
              onUp: index > 0 ? () => set(moved(targets, index, index - 1)) : undefined,
              onDown: index < targets.length - 1 ? () => set(moved(targets, index, index + 1)) : undefined,
            };
            if (isExpression(target)) return <ExpressionRow key={refId} {...tools} others={refIds.filter((one) => one !== refId)} />;
            const asked = isMixed ? findDataSource(sources, refOf(target), write) : source;
            const choice = isMixed && (
              <Combobox aria-label={`Data source of query ${refId}`} width={24} options={choices} value={refOf(target)?.uid || asked?.uid || null} onChange={({ value }) => tools.onChange({ ...target, datasource: refFor(value) })} />
            );
            return <QueryRow key={refId} {...tools} source={asked} panelKey={text(panel['id'])} sourceChoice={choice} hasBrowser={!isAlone} />;
          })}
        </ul>
      )}
      {ref?.uid !== SHARED.uid && (
        <div className="button-row">
          <Button icon="plus" variant="secondary" onClick={() => set([...targets, { refId: nextRefId(targets), ...fresh }])}>
            Add query
          </Button>
          <Button icon="plus" variant="secondary" onClick={() => set([...targets, withKind({ refId: nextRefId(targets), datasource: EXPRESSION_SOURCE }, 'math', refIds)])}>
            Add expression
          </Button>
        </div>
      )}
    </div>
  );
}
