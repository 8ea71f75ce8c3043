// Queries that no PromQL is written for: the answer of another panel, what is built in, data sources of other kinds.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, number, record, records, text } from '@narthex/dashmodel/json';
import { Combobox, Field } from '@narthex/vizkit';
import { useId, type ReactNode } from 'react';

import { LabelledSwitch } from '../components/LabelledSwitch';
import { useScope } from '../dashboard/scope';
import { OptionForm } from './form';
import { QueryTools, type QueryToolsProps } from './QueryTools';
import { hasFields, PANEL_TYPES } from './specs';

interface PanelProps {
  panel: AnyRecord;
  onChange: (panel: AnyRecord) => void;
}

/** Of what another panel asks, this one draws the answer. */
export function DashboardQuery({ panel, onChange }: PanelProps) {
  const id = useId();
  const { dashboard } = useScope();
  const [target = {}] = records(panel['targets']);
  const panels = dashboard.panels.flatMap((one) => [one, ...one.panels]).filter((one) => hasFields(one.type) && one.id !== number(panel['id']));
  const set = (change: AnyRecord): void => onChange({ ...panel, targets: [{ refId: 'A', datasource: record(panel['datasource']), ...target, ...change }] });
  const shared = panels.find((one) => one.id === number(target['panelId']));
  return (
    <div className="query">
      <Field label="Source panel" htmlFor={id} noMargin>
        <Combobox
          id={id}
          placeholder="Choose a panel"
          options={[...new Map(panels.map((one) => [one.id, one])).values()].map((one) => ({ value: String(one.id), label: one.title || `Panel ${one.id}`, description: PANEL_TYPES.find(([type]) => type === one.type)?.[1] ?? one.type }))}
          value={shared ? String(shared.id) : null}
          onChange={({ value }) => set({ panelId: Number(value) })}
        />
      </Field>
      <LabelledSwitch label="With its transformations" value={flag(target['withTransforms'])} onChange={(withTransforms) => set({ withTransforms })} />
      {shared && (
        <ul aria-label="Its queries">
          {shared.targets.map((one) => (
            <li key={one.refId}>
              <strong>{one.refId}</strong> <code>{text(one['expr'] ?? one['expression'])}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const GRAFANA_TYPES = [
  { value: 'randomWalk', label: 'Random walk' },
  { value: 'snapshot', label: 'Snapshot', description: 'Data that the dashboard holds' },
  { value: 'timeRegions', label: 'Time regions' },
];

export function GrafanaQuery({ sourceField, ...tools }: QueryToolsProps & { sourceField?: ReactNode }) {
  const { target, onChange } = tools;
  const refId = text(target['refId']);
  const type = text(target['queryType'], 'randomWalk');
  // The others need what nobody types in here.
  const offered = GRAFANA_TYPES.filter(({ value }) => value === 'randomWalk' || value === type);
  return (
    <li className="query" aria-label={`Query ${refId}`}>
      <div className="query-head">
        <QueryTools {...tools} />
        {sourceField}
      </div>
      <Combobox aria-label={`Query type of ${refId}`} options={offered.some(({ value }) => value === type) ? offered : [...offered, { value: type, label: type }]} value={type} onChange={({ value }) => onChange({ ...target, queryType: value })} />
    </li>
  );
}

/** As JSON, without what every query has. */
export function JsonQuery({ sourceField, ...tools }: QueryToolsProps & { sourceField?: ReactNode }) {
  const { refId, hide, datasource, ...own } = tools.target;
  return (
    <li className="query" aria-label={`Query ${text(refId)}`}>
      <div className="query-head">
        <QueryTools {...tools} />
        {sourceField}
      </div>
      <OptionForm root={{ query: own }} specs={[{ path: 'query', label: 'Query (JSON)', kind: 'json' }]} onChange={(root) => tools.onChange({ ...record(root['query']), refId, ...(hide === undefined ? {} : { hide }), datasource })} />
    </li>
  );
}
