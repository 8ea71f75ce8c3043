// The queries of a panel, and where they go.
import type { AnyRecord, DataSourceRef } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { EXPRESSION_SOURCE, findDataSource, isExpressionSource, panelLookup, sourceType } from '@narthex/runner';
import { interpolate } from '@narthex/vars';
import { Button, Combobox, Field } from '@narthex/vizkit';
import { useId } from 'react';

import { useScope } from '../dashboard/scope';
import { updateSearch } from '../router/location';
import { withKind } from './expression_specs';
import { ExpressionRow } from './ExpressionRow';
import { OptionForm } from './form';
import { QUERY_OPTIONS } from './general_specs';
import { standardMode } from './mode';
import { moved } from './moved';
import { differs } from './option_groups';
import { OptionSection } from './OptionSection';
import { DashboardQuery, GrafanaQuery, JsonQuery } from './OtherQueries';
import { legendFormatOf } from './query_options';
import { chosenSource, GRAFANA, kindOf, MIXED, refOf, sourceChoices, withSource } from './query_sources';
import { QueryRow } from './QueryRow';
import type { QueryToolsProps } from './QueryTools';
import { nextRefId, withRefId } from './refids';

interface TabProps {
  panel: AnyRecord;
  /** Undefined where queries stand outside of any panel. */
  panelKey?: string | undefined;
  onChange: (panel: AnyRecord) => void;
}

const PROMETHEUS = 'prometheus';
/** As Grafana begins a query. */
const BEGUN = { expr: '', legendFormat: legendFormatOf('auto'), range: true };

/** The data sources to choose from, and what a chosen value refers to. */
function useSources() {
  const { sources, variables, builtins } = useScope();
  const all = sources.dataSources;
  const lookup = panelLookup(variables, {}, builtins);
  const refFor = (value: string): DataSourceRef => {
    if (kindOf({ uid: value }) !== 'queries') return { type: value === GRAFANA ? 'grafana' : 'datasource', uid: value };
    const variable = variables.find(({ name, type }) => type === 'datasource' && value === `\${${name}}`);
    return { type: all.find(({ uid }) => uid === value)?.type ?? (variable?.query || PROMETHEUS), uid: value };
  };
  const settingsOf = (ref: DataSourceRef | null) => findDataSource(sources, ref, (one) => interpolate(one, { lookup }));
  return { refFor, settingsOf, choices: (hasBuiltIn: boolean) => sourceChoices(all, variables, hasBuiltIn) };
}

function Options({ panel, onChange }: Omit<TabProps, 'panelKey'>) {
  const count = QUERY_OPTIONS.filter((spec) => differs(panel, spec)).length;
  return (
    <OptionSection title="Query options" isForced={false} {...(count > 0 ? { badge: { count, title: `${count} differ from their defaults` } } : {})}>
      <div className="query-options">
        <OptionForm root={panel} specs={QUERY_OPTIONS} isMarked onChange={onChange} />
      </div>
    </OptionSection>
  );
}

interface RowsProps extends TabProps {
  targets: AnyRecord[];
  set: (targets: AnyRecord[]) => void;
}

function Rows({ panel, panelKey, targets, set, onChange }: RowsProps) {
  const { refFor, settingsOf, choices } = useSources();
  const ref = refOf(panel);
  const isMixed = kindOf(ref) === 'mixed';
  const refIds = targets.map((target) => text(target['refId']));
  const row = (target: AnyRecord, index: number) => {
    const refId = text(target['refId']);
    const tools: QueryToolsProps = {
      target,
      refIds,
      onChange: (next) => set(targets.map((one, at) => (at === index ? next : one))),
      onRename: (to) => onChange(withRefId({ ...panel, targets }, refId, to)),
      onMove: (by) => set(moved(targets, index, by)),
      onRemove: () => set(targets.filter((_, at) => at !== index)),
      onDuplicate: () => set([...targets, { ...target, refId: nextRefId(targets) }]),
    };
    const asked = refOf(target)?.uid ? refOf(target) : ref;
    if (isExpressionSource(asked)) return <ExpressionRow key={refId} {...tools} others={refIds.filter((one) => one !== refId)} />;
    const source = settingsOf(isMixed ? asked : ref);
    const sourceField = isMixed && (
      <div className="query-source">
        <Combobox
          aria-label={`Data source of query ${refId}`}
          options={choices(false).concat({ value: GRAFANA, label: GRAFANA, group: 'Built in' })}
          value={chosenSource(asked, source?.uid)}
          onChange={({ value }) => tools.onChange({ ...target, datasource: refFor(value) })}
        />
      </div>
    );
    if (kindOf(asked) === 'grafana') return <GrafanaQuery key={refId} {...tools} sourceField={sourceField} />;
    if (source && sourceType(source.type) !== PROMETHEUS) return <JsonQuery key={refId} {...tools} sourceField={sourceField} />;
    return <QueryRow key={refId} {...tools} source={source} sourceField={sourceField} panelKey={panelKey ?? ''} />;
  };
  return <ul className="queries">{targets.map(row)}</ul>;
}

export function QueryTab({ panel, panelKey, onChange }: TabProps) {
  const sourceId = useId();
  const { refFor, settingsOf, choices } = useSources();
  const ref = refOf(panel);
  const kind = kindOf(ref);
  // With several sources, a new query goes to the standard one.
  const source = settingsOf(kind === 'queries' ? ref : null);
  const own = kind === 'queries' && ref?.uid ? ref : source ? { type: source.type, uid: source.uid } : null;
  const fresh = (refId: string): AnyRecord => (kind === 'grafana' ? { refId, queryType: 'randomWalk', datasource: ref } : { refId, ...BEGUN, editorMode: standardMode(source), ...(own ? { datasource: own } : {}) });
  const written = records(panel['targets']);
  // Somewhere to write the first one; it is none of the panel's before something is written.
  const targets: AnyRecord[] = written.length > 0 ? written : [fresh('A')];
  const set = (next: AnyRecord[]): void => onChange({ ...panel, targets: next });
  const refIds = targets.map((target) => text(target['refId']));
  const choose = (value: string): void => {
    const next = refFor(value);
    const first = settingsOf(value === MIXED ? null : next);
    onChange(withSource(panel, next, own ?? next, { refId: 'A', ...BEGUN, editorMode: standardMode(first), datasource: value === MIXED ? own : next }));
  };
  return (
    <div className="query-tab">
      <div className="query-where">
        <Field label="Data source" htmlFor={sourceId} noMargin>
          <Combobox id={sourceId} options={choices(panelKey !== undefined)} value={chosenSource(ref, source?.uid)} onChange={({ value }) => choose(value)} />
        </Field>
        {panelKey !== undefined && (
          <Button variant="secondary" icon="info-circle" onClick={() => updateSearch({ inspect: panelKey, inspectTab: 'query' })}>
            Query inspector
          </Button>
        )}
      </div>
      {panelKey !== undefined && <Options panel={panel} onChange={onChange} />}
      {kind === 'dashboard' ? (
        <DashboardQuery panel={panel} onChange={onChange} />
      ) : (
        <>
          <Rows panel={panel} panelKey={panelKey} targets={targets} set={set} onChange={onChange} />
          <div className="button-row">
            <Button icon="plus" variant="secondary" onClick={() => set([...targets, fresh(nextRefId(targets))])}>
              Add query
            </Button>
            <Button icon="plus" variant="secondary" onClick={() => set([...targets, withKind({ refId: nextRefId(targets), datasource: EXPRESSION_SOURCE }, 'math', refIds)])}>
              Add expression
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
