// One operation of a query under construction: what it does, what it takes, and its place in the row.
import { findFunction, type Operation } from '@narthex/promql-tree';
import { Combobox, Field, IconButton, InlineSwitch, MultiCombobox } from '@narthex/vizkit';
import { useId, type ReactNode } from 'react';

import { Draft } from '../Draft';
import { COMPARISONS, QUERY_OPS, SCALAR_OPS } from './operations';
import { asOption, type Offer } from './useCompletion';

const asOptions = (values: readonly string[]) => values.map(asOption);

const KEEP = [
  { value: '', label: 'all into one' },
  { value: 'by', label: 'by' },
  { value: 'without', label: 'without' },
];
const PARTNERS = [
  { value: '', label: 'equal in all labels' },
  { value: 'on', label: 'on' },
  { value: 'ignoring', label: 'ignoring' },
];
const MANY = [
  { value: '', label: 'one to one' },
  { value: 'left', label: 'group_left' },
  { value: 'right', label: 'group_right' },
];

interface LabelsProps {
  label: string;
  labels: readonly string[];
  offered: Offer;
  onChange: (labels: string[]) => void;
}

function Labels({ label, labels, offered, onChange }: LabelsProps) {
  const id = useId();
  return (
    <>
      <label className="sr-only" htmlFor={id}>
        {label}
      </label>
      <MultiCombobox id={id} placeholder="Labels" options={offered} value={labels.map(asOption)} createCustomValue width="auto" minWidth={14} onChange={(all) => onChange(all.map((one) => one.value))} />
    </>
  );
}

export interface CardProps<T extends Operation = Operation> {
  operation: T;
  offered: Offer;
  onChange: (operation: Operation) => void;
}

function Arguments({ operation, onChange }: CardProps<Operation & { kind: 'function' | 'aggregate' }>) {
  const id = useId();
  const spec = findFunction(operation.name);
  return operation.args.map((value, index) => {
    const param = spec?.params[index];
    return (
      <Field key={index} label={param?.name ?? `Argument ${index + 1}`} htmlFor={`${id}-${index}`} noMargin>
        <Draft id={`${id}-${index}`} value={value} onCommit={(next) => onChange({ ...operation, args: operation.args.map((one, at) => (at === index ? next : one)) })} />
      </Field>
    );
  });
}

function FunctionBody(props: CardProps<Operation & { kind: 'function' }>) {
  const id = useId();
  const { operation, onChange } = props;
  return (
    <>
      {operation.range !== '' && (
        <Field label="Range" htmlFor={id} noMargin>
          <Draft id={id} value={operation.range} onCommit={(range) => onChange({ ...operation, range: range.trim() || operation.range })} />
        </Field>
      )}
      <Arguments {...props} />
    </>
  );
}

function AggregateBody(props: CardProps<Operation & { kind: 'aggregate' }>) {
  const { operation, offered, onChange } = props;
  const { grouping, name } = operation;
  return (
    <>
      <Arguments {...props} />
      <Combobox
        aria-label={`Grouping of ${name}`}
        options={KEEP}
        value={grouping?.kind ?? ''}
        width={16}
        onChange={({ value }) => onChange({ ...operation, grouping: value === 'by' || value === 'without' ? { kind: value, labels: grouping?.labels ?? [] } : undefined })}
      />
      {grouping && <Labels label={`Labels of ${name}`} labels={grouping.labels} offered={offered} onChange={(labels) => onChange({ ...operation, grouping: { ...grouping, labels } })} />}
    </>
  );
}

function BoolSwitch({ operation, onChange }: { operation: Operation & { kind: 'scalar' | 'query' }; onChange: CardProps['onChange'] }) {
  const id = useId();
  if (!COMPARISONS.has(operation.op)) return null;
  return <InlineSwitch id={id} label="0 or 1" showLabel value={operation.isBool} onChange={(event) => onChange({ ...operation, isBool: event.currentTarget.checked })} />;
}

const withOp = <T extends { op: string; isBool: boolean }>(operation: T, op: string): T => ({ ...operation, op, isBool: operation.isBool && COMPARISONS.has(op) });

function ScalarBody({ operation, onChange }: CardProps<Operation & { kind: 'scalar' }>) {
  const id = useId();
  const number = <Draft id={id} label="Number" value={operation.value} onCommit={(value) => onChange({ ...operation, value: value.trim() || '0' })} />;
  const operator = <Combobox aria-label="Operator" options={asOptions(SCALAR_OPS)} value={operation.op} width={10} onChange={({ value }) => onChange(withOp(operation, value))} />;
  return (
    <>
      {operation.isLeft ? [<span key="n">{number}</span>, <span key="o">{operator}</span>] : [<span key="o">{operator}</span>, <span key="n">{number}</span>]}
      <InlineSwitch label="Number first" showLabel value={operation.isLeft} onChange={(event) => onChange({ ...operation, isLeft: event.currentTarget.checked })} />
      <BoolSwitch operation={operation} onChange={onChange} />
    </>
  );
}

function QueryBody({ operation, offered, onChange }: CardProps<Operation & { kind: 'query' }>) {
  const { matching } = operation;
  const group = matching?.group;
  const setKind = (kind: string): void => onChange({ ...operation, matching: kind === 'on' || kind === 'ignoring' ? { kind, labels: matching?.labels ?? [], group } : undefined });
  return (
    <>
      <Combobox aria-label="Operator" options={asOptions(QUERY_OPS)} value={operation.op} width={12} onChange={({ value }) => onChange(withOp(operation, value))} />
      <BoolSwitch operation={operation} onChange={onChange} />
      <Combobox aria-label="Partners" options={PARTNERS} value={matching?.kind ?? ''} width={22} onChange={({ value }) => setKind(value)} />
      {matching && (
        <>
          <Labels label="Labels that partners share" labels={matching.labels} offered={offered} onChange={(labels) => onChange({ ...operation, matching: { ...matching, labels } })} />
          <Combobox
            aria-label="Several partners"
            options={MANY}
            value={group?.side ?? ''}
            width={16}
            onChange={({ value }) => onChange({ ...operation, matching: { ...matching, group: value === 'left' || value === 'right' ? { side: value, labels: group?.labels ?? [] } : undefined } })}
          />
          {group && <Labels label="Labels to take over" labels={group.labels} offered={offered} onChange={(labels) => onChange({ ...operation, matching: { ...matching, group: { ...group, labels } } })} />}
        </>
      )}
    </>
  );
}

function Body(props: CardProps) {
  const { operation } = props;
  switch (operation.kind) {
    case 'function':
      return <FunctionBody {...props} operation={operation} />;
    case 'aggregate':
      return <AggregateBody {...props} operation={operation} />;
    case 'scalar':
      return <ScalarBody {...props} operation={operation} />;
    case 'query':
      return <QueryBody {...props} operation={operation} />;
  }
}

const titleOf = (operation: Operation): string => (operation.kind === 'scalar' ? 'number' : operation.kind === 'query' ? 'query' : operation.name);

interface PlacedProps extends CardProps {
  index: number;
  count: number;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
  /** The query on the other side, where there is one. */
  children?: ReactNode;
}

export function OperationCard({ index, count, onMove, onRemove, children, ...props }: PlacedProps) {
  const title = titleOf(props.operation);
  return (
    <li className="builder-operation" aria-label={`Operation ${index + 1}: ${title}`}>
      <div className="builder-operation-head">
        <strong>{title}</strong>
        <IconButton name="arrow-up" tooltip={`Apply ${title} earlier`} disabled={index === 0} onClick={() => onMove(-1)} />
        <IconButton name="arrow-down" tooltip={`Apply ${title} later`} disabled={index === count - 1} onClick={() => onMove(1)} />
        <IconButton name="times" tooltip={`Remove ${title}`} onClick={onRemove} />
      </div>
      <div className="builder-operation-body">
        <Body {...props} />
      </div>
      {children}
    </li>
  );
}

