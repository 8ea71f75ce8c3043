// The filters of an ad hoc variable, and the labels of a group-by one: chosen from what the data source has, kept in
// the address.
import { findDataSource, panelLookup } from '@narthex/runner';
import { filterToUrl, interpolate, isMulti, type AdhocFilter, type Variable } from '@narthex/vars';
import { IconButton, MultiCombobox } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

import { FilterRow, type Condition } from '../edit/builder/FilterRow';
import { asOption, useCompletion, type Completion } from '../edit/builder/useCompletion';
import { updateSearch } from '../router/location';
import { useScope } from './scope';
import '../edit/builder/builder.css';

const OPS = ['=', '!=', '=~', '!~', '=|', '!=|', '<', '>'] as const;
const FRESH: Condition = { label: '', op: '=', values: [] };
const NO_NAMES: readonly string[] = [];

const conditionOf = ({ key, op, values }: AdhocFilter): Condition => ({ label: key, op, values });
const isWhole = ({ label, values }: Condition): boolean => label !== '' && values.some((one) => one !== '');
const filterOf = ({ label, op, values }: Condition): AdhocFilter => ({ key: label, op, values: isMulti(op) ? values : values.slice(0, 1) });

/** What the other filters leave; a filter for one of several values is left out of it. */
function othersOf(conditions: readonly Condition[], own: Condition) {
  const others = conditions.filter((one) => one !== own && isWhole(one));
  return { metric: '', matchers: others.flatMap(({ label, op, values }) => (op === '=' || op === '!=' || op === '=~' || op === '!~' ? [{ label, op, value: values[0] ?? '' } as const] : [])) };
}

function useSource(variable: Variable): Completion {
  const { sources, variables, builtins } = useScope();
  const lookup = panelLookup(variables, {}, builtins);
  const source = findDataSource(sources, variable.datasource, (text) => interpolate(text, { lookup }));
  return useCompletion(source?.uid ?? '', NO_NAMES);
}

export function AdhocControl({ variable }: { variable: Variable }) {
  const completion = useSource(variable);
  const [conditions, setConditions] = useState(() => variable.filters.map(conditionOf));
  // A filter begun and not finished is seen here and nowhere else.
  const inForce = JSON.stringify(variable.filters);
  useEffect(() => setConditions((before) => [...variable.filters.map(conditionOf), ...before.filter((one) => !isWhole(one))]), [inForce]); // eslint-disable-line react-hooks/exhaustive-deps
  const set = (next: Condition[]): void => {
    setConditions(next);
    const written = next.filter(isWhole).map(filterOf).map(filterToUrl);
    if (JSON.stringify(written) !== JSON.stringify(variable.filters.map(filterToUrl))) updateSearch({ [`var-${variable.name}`]: written.length > 0 ? written : [''] });
  };
  return (
    <div className="builder-filters" role="group" aria-label={`Filters ${variable.label}`}>
      {conditions.map((condition, index) => (
        <FilterRow
          key={index}
          condition={condition}
          ops={OPS}
          isMulti={isMulti(condition.op)}
          labels={completion.labels(othersOf(conditions, condition))}
          values={completion.values(condition.label, othersOf(conditions, condition))}
          onChange={(next) => set(conditions.map((one, at) => (at === index ? next : one)))}
          onRemove={() => set(conditions.filter((_, at) => at !== index))}
        />
      ))}
      <IconButton name="plus" tooltip={`Add filter to ${variable.label}`} onClick={() => setConditions([...conditions, FRESH])} />
    </div>
  );
}

export function GroupByControl({ variable, id }: { variable: Variable; id: string }) {
  const completion = useSource(variable);
  return (
    <MultiCombobox
      id={id}
      placeholder="Labels"
      options={completion.labels({ metric: '', matchers: [] })}
      value={[variable.value].flat().map(asOption)}
      createCustomValue
      width="auto"
      minWidth={14}
      onChange={(chosen) => updateSearch({ [`var-${variable.name}`]: chosen.length > 0 ? chosen.map(({ value }) => value) : [''] })}
    />
  );
}
