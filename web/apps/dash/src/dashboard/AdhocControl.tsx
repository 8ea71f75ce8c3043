// The filters of an ad hoc variable, and the labels of a group-by one: chosen from what the data source has, kept in
// the address.
import { findDataSource, matchersOf, panelLookup } from '@narthex/runner';
import { filterToUrl, interpolate, isMulti, type AdhocFilter, type Variable } from '@narthex/vars';
import { IconButton, MultiCombobox } from '@narthex/vizkit';
import { useEffect, useState } from 'react';

import { FilterRow, type Condition } from '../edit/builder/FilterRow';
import { asOption, useCompletion, type Completion, type Offer } from '../edit/builder/useCompletion';
import { updateSearch } from '../router/location';
import { useScope } from './scope';
import '../edit/builder/builder.css';

const OPS = ['=', '!=', '=~', '!~', '=|', '!=|', '<', '>'] as const;
const FRESH: Condition = { label: '', op: '=', values: [] };
const NO_NAMES: readonly string[] = [];

const conditionOf = ({ key, op, values }: AdhocFilter): Condition => ({ label: key, op, values });
const isWhole = ({ label, values }: Condition): boolean => label !== '' && values.some((one) => one !== '');
const filterOf = ({ label, op, values }: Condition): AdhocFilter => ({ key: label, op, values: isMulti(op) ? values : values.slice(0, 1) });

/** What the other filters leave, and those that nobody sees. */
const othersOf = ({ baseFilters }: Variable, conditions: readonly Condition[], own: Condition) => ({
  metric: '',
  matchers: matchersOf([...baseFilters, ...conditions.filter((one) => one !== own).map(filterOf)]),
});

/** The keys that the dashboard gives, else those of the data source. */
function keysFor({ defaultKeys }: Variable, found: Offer): Offer {
  if (!defaultKeys) return found;
  return async (typed) => defaultKeys.filter(({ text }) => text.toLowerCase().includes(typed.toLowerCase())).map(({ text, value }) => ({ label: text, value }));
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
          labels={keysFor(variable, completion.labels(othersOf(variable, conditions, condition)))}
          values={completion.values(condition.label, othersOf(variable, conditions, condition))}
          allowsCustom={variable.allowsCustom}
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
      createCustomValue={variable.allowsCustom}
      width="auto"
      minWidth={14}
      onChange={(chosen) => updateSearch({ [`var-${variable.name}`]: chosen.length > 0 ? chosen.map(({ value }) => value) : [''] })}
    />
  );
}
