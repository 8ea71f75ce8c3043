// One query of a panel: as code or built from parts, with its options and its explanation.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, text } from '@narthex/dashmodel/json';
import type { DataSourceSettings } from '@narthex/grafanaapi';
import { Button, Combobox, Field, InlineSwitch, RadioButtonGroup } from '@narthex/vizkit';
import { lazy, Suspense, useEffect, useId, useState, type ReactNode } from 'react';

import { Draft } from './Draft';
import { LegendField } from './LegendField';
import { modeOf, MODES, rememberMode, type EditorMode } from './mode';
import { PromqlField } from './PromqlField';
import { QueryTools, type QueryToolsProps } from './QueryTools';

// Whoever writes queries as code does not wait for what builds and explains them.
const Builder = lazy(() => import('./builder/Builder').then((module) => ({ default: module.Builder })));
const QueryHints = lazy(() => import('./QueryHints').then((module) => ({ default: module.QueryHints })));
const KickStart = lazy(() => import('./KickStart').then((module) => ({ default: module.KickStart })));
const MetricsBrowser = lazy(() => import('../explore/MetricsBrowser').then((module) => ({ default: module.MetricsBrowser })));
const Explanation = lazy(() => import('./explain/Explanation').then((module) => ({ default: module.Explanation })));

const FORMATS = [
  { value: 'time_series', label: 'Time series' },
  { value: 'table', label: 'Table' },
  { value: 'heatmap', label: 'Heatmap' },
];
const TYPES = [
  { value: 'range', label: 'Range' },
  { value: 'instant', label: 'Instant' },
  { value: 'both', label: 'Both' },
];

function typeOf(target: AnyRecord): string {
  if (flag(target['instant'])) return flag(target['range']) ? 'both' : 'instant';
  return 'range';
}

interface OptionsProps {
  target: AnyRecord;
  /** As it stands in the field, run or not. */
  expr: string;
  onChange: (target: AnyRecord) => void;
}

function Options({ target, expr, onChange }: OptionsProps) {
  const id = useId();
  return (
    <div className="query-options">
      <Field label="Legend" htmlFor={`${id}-legend`} noMargin>
        <LegendField id={`${id}-legend`} format={text(target['legendFormat'])} onChange={(legendFormat) => onChange({ ...target, expr, legendFormat })} />
      </Field>
      <Field label="Min step" htmlFor={`${id}-step`} noMargin>
        <Draft id={`${id}-step`} value={text(target['interval'])} placeholder="auto" onCommit={(interval) => onChange({ ...target, expr, interval })} />
      </Field>
      <Field label="Format" htmlFor={`${id}-format`} noMargin>
        <Combobox id={`${id}-format`} options={FORMATS} value={text(target['format'], 'time_series')} onChange={({ value }) => onChange({ ...target, expr, format: value })} />
      </Field>
      <Field label="Type" htmlFor={`${id}-type`} noMargin>
        <Combobox
          id={`${id}-type`}
          options={TYPES}
          value={typeOf(target)}
          onChange={({ value }) => onChange({ ...target, expr, instant: value !== 'range', range: value !== 'instant' })}
        />
      </Field>
      <Field label="Exemplars" htmlFor={`${id}-exemplar`} noMargin>
        <InlineSwitch id={`${id}-exemplar`} value={flag(target['exemplar'])} onChange={(event) => onChange({ ...target, expr, exemplar: event.currentTarget.checked })} />
      </Field>
    </div>
  );
}

interface QueryRowProps extends QueryToolsProps {
  source: DataSourceSettings | undefined;
  panelKey: string;
  /** Where each query has a data source of its own: the choice of it. */
  sourceChoice?: ReactNode;
  /** Where the page has a metrics browser of its own. */
  hasBrowser?: boolean;
}

type Help = 'explain' | 'start' | 'metrics' | undefined;

interface QueryButtonsProps {
  refId: string;
  mode: EditorMode;
  help: Help;
  hasBrowser: boolean;
  onRun: () => void;
  onMode: (mode: EditorMode) => void;
  onFormat: () => void;
  onHelp: (what: Help) => void;
}

function QueryButtons({ refId, mode, help, hasBrowser, onRun, onMode, onFormat, onHelp }: QueryButtonsProps) {
  return (
    <>
      <Button size="sm" variant="secondary" icon="play" onClick={onRun}>
        Run
      </Button>
      <RadioButtonGroup size="sm" aria-label={`Editor of query ${refId}`} options={MODES} value={mode} onChange={onMode} />
      {mode === 'code' && (
        <Button size="sm" variant="secondary" fill="text" icon="brackets-curly" onClick={onFormat}>
          Format
        </Button>
      )}
      <Button size="sm" variant="secondary" fill="text" icon="rocket" aria-expanded={help === 'start'} onClick={() => onHelp('start')}>
        Kick start
      </Button>
      {hasBrowser && (
        <Button size="sm" variant="secondary" fill="text" icon="book-open" aria-expanded={help === 'metrics'} onClick={() => onHelp('metrics')}>
          Metrics
        </Button>
      )}
      <Button size="sm" variant="secondary" fill="text" icon="info-circle" aria-expanded={help === 'explain'} onClick={() => onHelp('explain')}>
        Explain
      </Button>
    </>
  );
}

export function QueryRow({ source, panelKey, sourceChoice, hasBrowser = true, ...tools }: QueryRowProps) {
  const { target, onChange } = tools;
  const saved = text(target['expr']);
  const [expr, setExpr] = useState(saved);
  const [help, setHelp] = useState<Help>();
  const [fault, setFault] = useState('');
  useEffect(() => setExpr(saved), [saved]);
  const mode = modeOf(target, source);
  const run = (value: string): void => {
    // With its mode: a query that has text and no mode counts as written.
    if (value !== saved) onChange({ ...target, expr: value, editorMode: mode });
  };
  const refId = text(target['refId']);
  const setMode = (editorMode: EditorMode): void => {
    rememberMode(editorMode);
    onChange({ ...target, expr, editorMode });
  };
  const sourceUid = source?.uid ?? '';
  const turn = (what: Help): void => setHelp(help === what ? undefined : what);
  const pick = (chosen: string): void => {
    setExpr(chosen);
    setHelp(undefined);
    run(chosen);
  };
  const format = async (): Promise<void> => {
    const { formatPromql } = await import('@narthex/promql-tree');
    const formatted = formatPromql(expr);
    setFault(formatted.fault ?? '');
    if (formatted.text === undefined) return;
    setExpr(formatted.text);
    run(formatted.text);
  };
  return (
    <li className="query" aria-label={`Query ${refId}`}>
      <div className="query-head">
        <QueryTools {...tools} />
        {sourceChoice}
        <QueryButtons refId={refId} mode={mode} help={help} hasBrowser={hasBrowser} onRun={() => run(expr)} onMode={setMode} onFormat={() => void format()} onHelp={turn} />
      </div>
      {mode === 'builder' ? (
        <Suspense fallback={<p>Loading the builder</p>}>
          <Builder expr={saved} sourceUid={sourceUid} onChange={run} />
        </Suspense>
      ) : (
        <PromqlField label={`Expression of query ${refId}`} text={expr} sourceUid={sourceUid} onChange={setExpr} onExecute={run} />
      )}
      {saved !== '' && (
        <Suspense fallback={null}>
          <QueryHints expr={saved} refId={refId} panelKey={panelKey} sourceUid={sourceUid} isCode={mode === 'code'} onApply={run} />
        </Suspense>
      )}
      {fault !== '' && <p role="status">{fault}</p>}
      <Suspense fallback={<p>Loading</p>}>
        {help === 'explain' && <Explanation target={target} expr={mode === 'builder' ? saved : expr} source={source} />}
        {help === 'start' && <KickStart expr={expr} refId={refId} onPick={pick} />}
        {help === 'metrics' && <MetricsBrowser sourceUid={sourceUid} onPick={pick} />}
      </Suspense>
      <Options target={target} expr={expr} onChange={onChange} />
    </li>
  );
}
