// One query of a panel: as code or built from parts, with its options and its explanation.
import { text } from '@narthex/dashmodel/json';
import type { DataSourceSettings } from '@narthex/grafanaapi';
import { Button, RadioButtonGroup } from '@narthex/vizkit';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';

import { modeOf, MODES, rememberMode, type EditorMode } from './mode';
import { PromqlField } from './PromqlField';
import { QueryOptions } from './QueryOptions';
import { QueryTools, type QueryToolsProps } from './QueryTools';

// Whoever writes queries as code does not wait for what builds and explains them.
const Builder = lazy(() => import('./builder/Builder').then((module) => ({ default: module.Builder })));
const KickStart = lazy(() => import('./builder/KickStart').then((module) => ({ default: module.KickStart })));
const MetricsBrowser = lazy(() => import('../explore/MetricsBrowser').then((module) => ({ default: module.MetricsBrowser })));
const QueryHints = lazy(() => import('./QueryHints').then((module) => ({ default: module.QueryHints })));
const Explanation = lazy(() => import('./explain/Explanation').then((module) => ({ default: module.Explanation })));

/** What is opened below the query, one at a time. */
type Opened = 'patterns' | 'metrics' | 'explanation';
const OPENED = { patterns: 'Kick start', metrics: 'Metrics browser', explanation: 'Explain' } as const;
const ICONS = { patterns: 'rocket', metrics: 'search', explanation: 'info-circle' } as const;

interface QueryRowProps extends QueryToolsProps {
  source: DataSourceSettings | undefined;
  /** Where each query chooses its own. */
  sourceField?: ReactNode;
  panelKey: string;
}

async function formatted(expr: string): Promise<string | undefined> {
  const { formatPromql } = await import('@narthex/promql-tree');
  return formatPromql(expr).text;
}

export function QueryRow({ source, sourceField, panelKey, ...tools }: QueryRowProps) {
  const { target, onChange } = tools;
  const saved = text(target['expr']);
  const [expr, setExpr] = useState(saved);
  const [opened, setOpened] = useState<Opened>();
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
  const pick = (value: string): void => {
    setExpr(value);
    setOpened(undefined);
    run(value);
  };
  const offered: Opened[] = mode === 'code' ? ['patterns', 'metrics', 'explanation'] : ['patterns', 'explanation'];
  return (
    <li className="query" aria-label={`Query ${refId}`}>
      <div className="query-head">
        <QueryTools {...tools} />
        {sourceField}
        <Button size="sm" variant="secondary" icon="play" onClick={() => run(expr)}>
          Run
        </Button>
        <RadioButtonGroup size="sm" aria-label={`Editor of query ${refId}`} options={MODES} value={mode} onChange={setMode} />
        {mode === 'code' && (
          <Button size="sm" variant="secondary" fill="text" icon="brackets-curly" disabled={expr.trim() === ''} onClick={() => void formatted(expr).then((next) => next !== undefined && pick(next))}>
            Format
          </Button>
        )}
        {offered.map((one) => (
          <Button key={one} size="sm" variant="secondary" fill="text" icon={ICONS[one]} aria-expanded={opened === one} onClick={() => setOpened(opened === one ? undefined : one)}>
            {OPENED[one]}
          </Button>
        ))}
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
          <QueryHints isCode={mode === 'code'} expr={saved} refId={refId} panelKey={panelKey} sourceUid={sourceUid} onApply={run} />
        </Suspense>
      )}
      <Suspense fallback={<p>Loading</p>}>
        {opened === 'patterns' && <KickStart expr={expr} refId={refId} sourceUid={sourceUid} onPick={pick} />}
        {opened === 'metrics' && mode === 'code' && <MetricsBrowser sourceUid={sourceUid} onPick={pick} />}
        {opened === 'explanation' && <Explanation target={target} expr={mode === 'builder' ? saved : expr} source={source} />}
      </Suspense>
      <QueryOptions target={target} expr={expr} onChange={onChange} />
    </li>
  );
}
