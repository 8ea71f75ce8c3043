// A query built from a metric, filters and operations, each a control of its own. Text and builder are two views of
// one expression; what the builder cannot hold stays text.
import { builderToText, textToBuilder, type BuilderQuery, type Matcher } from '@narthex/promql-tree';
import { Button, Combobox } from '@narthex/vizkit';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useScope } from '../../dashboard/scope';
import { FilterRow, type Condition } from './FilterRow';
import { CHOICES, hintFor, moved, removed, replaced, withOperation } from './operations';
import { OperationCard } from './OperationCard';
import { asOption, useCompletion, useMetrics, type Completion, type Metrics } from './useCompletion';
import './builder.css';
import '../explain/explain.css';

const FRESH: Matcher = { label: '', op: '=', value: '' };
const OPS = ['=', '!=', '=~', '!~'] as const;

/** A pattern that is a plain choice between values, as its values. */
const choiceOf = (pattern: string): string[] | undefined => (/[()[\]{}]/.test(pattern.replace(/\$\{[^}]*\}/g, '')) ? undefined : pattern.split('|').filter((one) => one !== ''));

const isPattern = (op: string): boolean => op === '=~' || op === '!~';
const conditionOf = ({ label, op, value }: Matcher): Condition => ({ label, op, values: (isPattern(op) ? choiceOf(value) : undefined) ?? [value] });

function matcherOf({ label, op, values }: Condition): Matcher {
  const known = OPS.find((one) => one === op) ?? '=';
  return { label, op: known, value: isPattern(known) ? values.join('|') : (values[0] ?? '') };
}

interface PartProps {
  query: BuilderQuery;
  completion: Completion;
  metrics: Metrics;
  onChange: (query: BuilderQuery) => void;
}

function Filters({ query, completion, onChange }: Omit<PartProps, 'metrics'>) {
  const set = (matchers: Matcher[]): void => onChange({ ...query, matchers });
  return (
    <div className="builder-filters" role="group" aria-label="Label filters">
      {query.matchers.map((matcher, index) => (
        <FilterRow
          key={index}
          condition={conditionOf(matcher)}
          ops={OPS}
          isMulti={isPattern(matcher.op) && choiceOf(matcher.value) !== undefined}
          labels={completion.labels(query)}
          values={completion.values(matcher.label, { metric: query.metric, matchers: query.matchers.filter((one) => one !== matcher) })}
          onChange={(next) => set(query.matchers.map((one, at) => (at === index ? matcherOf(next) : one)))}
          onRemove={() => set(query.matchers.filter((_, at) => at !== index))}
        />
      ))}
      <Button size="sm" variant="secondary" icon="plus" onClick={() => set([...query.matchers, FRESH])}>
        Add filter
      </Button>
    </div>
  );
}

function Operations({ query, completion, metrics, onChange }: PartProps) {
  const offered = completion.labels(query);
  return (
    <ol className="builder-operations" aria-label="Operations">
      {query.operations.map((operation, index) => (
        <OperationCard
          key={`${index}/${query.operations.length}`}
          operation={operation}
          offered={offered}
          index={index}
          count={query.operations.length}
          onChange={(next) => onChange(replaced(query, index, next))}
          onMove={(by) => onChange(moved(query, index, by))}
          onRemove={() => onChange(removed(query, index))}
        >
          {operation.kind === 'query' && <Parts query={operation.right} completion={completion} metrics={metrics} onChange={(right) => onChange(replaced(query, index, { ...operation, right }))} />}
        </OperationCard>
      ))}
    </ol>
  );
}

function Parts({ query, completion, metrics, onChange }: PartProps) {
  const type = metrics.known?.find(({ name }) => name === query.metric)?.type ?? '';
  const hint = hintFor(query, type);
  return (
    <div className="builder-parts">
      <Combobox
        aria-label="Metric"
        placeholder="Choose a metric"
        options={metrics.offer}
        value={query.metric ? asOption(query.metric) : null}
        createCustomValue
        width="auto"
        minWidth={24}
        onChange={({ value }) => onChange({ ...query, metric: value })}
      />
      <Filters query={query} completion={completion} onChange={onChange} />
      {query.operations.length > 0 && <Operations query={query} completion={completion} metrics={metrics} onChange={onChange} />}
      <div className="button-row">
        <Combobox aria-label="Add operation" placeholder="Add operation" options={[...CHOICES]} value={null} width={28} onChange={({ value }) => onChange(withOperation(query, value))} />
        {hint && (
          <Button size="sm" variant="secondary" fill="text" icon="bolt" onClick={() => onChange(hint.apply(query))}>
            {hint.label}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Filters that have no label yet are no part of the expression. */
function finished(query: BuilderQuery): BuilderQuery {
  const operations = query.operations.map((one) => (one.kind === 'query' ? { ...one, right: finished(one.right) } : one));
  return { ...query, matchers: query.matchers.filter(({ label }) => label !== ''), operations: operations.filter((one) => one.kind !== 'query' || builderToText(one.right) !== '') };
}

interface BuilderProps {
  expr: string;
  sourceUid: string;
  onChange: (expr: string) => void;
}

export function Builder({ expr, sourceUid, onChange }: BuilderProps) {
  const { variables } = useScope();
  const names = useMemo(() => variables.map(({ name }) => `$${name}`), [variables]);
  const completion = useCompletion(sourceUid, names);
  const metrics = useMetrics(sourceUid);
  const [built, setBuilt] = useState(() => textToBuilder(expr));
  // The text that this builder gave last: a change of it from outside is read anew.
  const given = useRef(expr);
  useEffect(() => {
    if (expr === given.current) return;
    given.current = expr;
    setBuilt(textToBuilder(expr));
  }, [expr]);
  if (!built.query) {
    return (
      <p className="builder-fault" role="status">
        {built.fault} The query stays as it is; edit it as code.
      </p>
    );
  }
  const change = (query: BuilderQuery): void => {
    setBuilt({ query });
    const text = builderToText(finished(query));
    given.current = text;
    if (text !== expr) onChange(text);
  };
  return (
    <div className="builder">
      <Parts query={built.query} completion={completion} metrics={metrics} onChange={change} />
      <code className="builder-text" aria-label="Query as text">
        {builderToText(finished(built.query)) || 'Choose a metric'}
      </code>
    </div>
  );
}
