// Classic conditions as rows: when the last of A is above 5, and the average of B is within a range.
import type { AnyRecord } from '@narthex/dashmodel';
import { records } from '@narthex/dashmodel/json';
import { Button, Combobox, IconButton } from '@narthex/vizkit';
import { useId } from 'react';

import { CLASSIC_COMPARISONS, CLASSIC_REDUCERS, freshCondition, OPERATORS, viewOf, withView, type ConditionView } from './conditions';
import { Draft } from './Draft';
import './steps.css';

const asOptions = (choices: ReadonlyArray<readonly [value: string, label: string]>) => choices.map(([value, label]) => ({ value, label }));

interface RowProps {
  condition: AnyRecord;
  place: number;
  queries: readonly string[];
  canRemove: boolean;
  onChange: (condition: AnyRecord) => void;
  onRemove: () => void;
}

function Row({ condition, place, queries, canRemove, onChange, onRemove }: RowProps) {
  const id = useId();
  const { query, reducer, comparison, params, operator } = viewOf(condition);
  const set = (change: Partial<ConditionView>): void => onChange(withView(condition, change));
  const name = `condition ${place + 1}`;
  return (
    <div className="step-row condition" role="group" aria-label={`Condition ${place + 1}`}>
      {place === 0 ? <span className="condition-when">When</span> : <Combobox aria-label={`Operator of ${name}`} options={asOptions(OPERATORS)} value={operator} width={10} onChange={({ value }) => set({ operator: value })} />}
      <Combobox aria-label={`Calculation of ${name}`} options={asOptions(CLASSIC_REDUCERS)} value={reducer} width={24} onChange={({ value }) => set({ reducer: value })} />
      <span>of</span>
      <Combobox aria-label={`Query of ${name}`} options={queries.map((value) => ({ value, label: value }))} value={query || null} placeholder="Query" width={14} onChange={({ value }) => set({ query: value })} />
      <Combobox aria-label={`Comparison of ${name}`} options={asOptions(CLASSIC_COMPARISONS)} value={comparison} width={28} onChange={({ value }) => set({ comparison: value })} />
      {params.map((param, at) => (
        <div key={at} className="condition-number">
          <Draft id={`${id}-${at}`} label={`${at === 0 ? 'Value' : 'Second value'} of ${name}`} isNumber value={String(param)} onCommit={(draft) => set({ params: params.map((one, index) => (index === at ? Number(draft) : one)) })} />
        </div>
      ))}
      {canRemove && <IconButton name="trash-alt" tooltip={`Remove ${name}`} onClick={onRemove} />}
    </div>
  );
}

interface ConditionsFieldProps {
  conditions: unknown;
  /** The names to choose from. */
  queries: readonly string[];
  onChange: (conditions: AnyRecord[]) => void;
}

export function ConditionsField({ conditions, queries, onChange }: ConditionsFieldProps) {
  const all = records(conditions);
  return (
    <div className="step-rows">
      {all.map((condition, index) => (
        <Row
          key={index}
          condition={condition}
          place={index}
          queries={queries}
          canRemove={all.length > 1}
          onChange={(next) => onChange(all.map((one, at) => (at === index ? next : one)))}
          onRemove={() => onChange(all.filter((_, at) => at !== index))}
        />
      ))}
      <Button size="sm" icon="plus" variant="secondary" onClick={() => onChange([...all, freshCondition(queries[0] ?? '')])}>
        Add condition
      </Button>
    </div>
  );
}
