// One pane of Explore: source, range, queries, and what they answer as a graph and a table.
import { dateTimeForTimeZone, type TimeRange } from '@grafana/data';
import { loadDashboard, type AnyRecord, type Dashboard } from '@narthex/dashmodel';
import { record, records, text } from '@narthex/dashmodel/json';
import { findDataSource } from '@narthex/runner';
import { Button, isWeekStart, TimeRangePicker, ToolbarButton, useElementSize } from '@narthex/vizkit';
import { useCallback, useMemo, useState } from 'react';

import { PanelBox } from '../dashboard/PanelBox';
import { ScopeContext, type DashboardScope } from '../dashboard/scope';
import { readOnly, useStandaloneScope } from '../dashboard/standalone';
import { rangeToUrl, rawRange, resolveRange, windowOf } from '../dashboard/time';
import { EditContext } from '../edit/EditContext';
import { QueryTab } from '../edit/QueryTab';
import { navigate, updateSearch, useAddress } from '../router/location';
import { useSession } from '../session/SessionGate';
import type { Pane } from './address';
import { AddDrawer } from './AddDrawer';
import { handOver } from './handover';
import { MetricsBrowser } from './MetricsBrowser';
import { QueryHistory } from './QueryHistory';
import { remember } from './query_history';
import { ShareMenu } from './ShareMenu';

const GRAPH_PX = 320;
const TABLE_PX = 360;

interface ExplorePaneProps {
  pane: Pane;
  isAlone: boolean;
  /** Both panes have one range. */
  areTimesSynced: boolean;
  onChange: (pane: Pane) => void;
  onSync: () => void;
  onSplit: () => void;
  onClose: () => void;
}

/** Graph and table of the same queries as panels of a dashboard that nobody saves. */
function panelsJson({ key, queries }: Pane, source: { uid: string; type: string }): AnyRecord {
  const targets = queries.map((query) => ({ ...query, datasource: source }));
  const asked = { datasource: source };
  // The address names the panel that is inspected: those of two panes are told apart.
  const first = key === 'b' ? 3 : 1;
  return {
    title: 'Explore',
    schemaVersion: 42,
    panels: [
      { id: first, type: 'timeseries', title: 'Graph', ...asked, targets, options: { legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] }, tooltip: { mode: 'multi', sort: 'desc' } } },
      { id: first + 1, type: 'table', title: 'Table', ...asked, targets: targets.map((target) => ({ ...target, format: 'table', instant: true, range: false })) },
    ],
  };
}

const instantOf = (range: Pane['range'], timeZone: string) => windowOf(resolveRange(rawRange(new URLSearchParams(), range), { timeZone }));

/** The graph, as a panel of its own. */
const graphOf = (json: AnyRecord): AnyRecord => ({ ...records(json['panels'])[0], title: 'From Explore' });

function addToDashboard(json: AnyRecord): void {
  const [panel] = records(json['panels']);
  if (panel) handOver({ panels: [{ ...panel, title: '', gridPos: { x: 0, y: 0, w: 24, h: 10 } }] });
  navigate('/dashboard/new');
}

function Results({ dashboard }: { dashboard: Dashboard }) {
  const [measure, { width }] = useElementSize();
  const heights = [GRAPH_PX, TABLE_PX];
  return (
    <div ref={measure} className="explore-results">
      {width > 0 && dashboard.panels.map((panel, index) => <PanelBox key={panel.key} panel={panel} width={width} height={heights[index] ?? GRAPH_PX} isActive isViewed />)}
    </div>
  );
}

type Help = 'metrics' | 'history' | undefined;

/** Where queries come from: the metrics there are, and what was asked before. */
function Helps({ sourceUid, onPick }: { sourceUid: string | undefined; onPick: (expr: string) => void }) {
  const [help, setHelp] = useState<Help>();
  const turn = (what: Help): void => setHelp(help === what ? undefined : what);
  return (
    <>
      <div className="button-row">
        <Button size="sm" variant="secondary" icon="book-open" aria-expanded={help === 'metrics'} onClick={() => turn('metrics')}>
          Metrics browser
        </Button>
        <Button size="sm" variant="secondary" icon="history" aria-expanded={help === 'history'} onClick={() => turn('history')}>
          Query history
        </Button>
      </div>
      {help === 'history' && <QueryHistory onPick={onPick} />}
      {help === 'metrics' && sourceUid !== undefined && <MetricsBrowser sourceUid={sourceUid} onPick={onPick} />}
    </>
  );
}

function SyncButton({ isOn, onPress }: { isOn: boolean; onPress: () => void }) {
  return <ToolbarButton variant={isOn ? 'active' : 'canvas'} icon="link" aria-pressed={isOn} aria-label="Sync times" tooltip={isOn ? 'Each pane its own time range' : 'This time range for both panes'} onClick={onPress} />;
}

export function ExplorePane({ pane, isAlone, areTimesSynced, onChange, onSync, onSplit, onClose }: ExplorePaneProps) {
  const { settings, user } = useSession();
  const [turns, setTurns] = useState(0);
  const [isAdding, setIsAdding] = useState(false);
  const { search } = useAddress();
  const source = findDataSource(settings, pane.datasource ? { uid: pane.datasource } : null, (one) => one);
  const ref = useMemo(() => ({ uid: source?.uid ?? '', type: source?.type ?? '' }), [source]);
  const json = useMemo(() => panelsJson(pane, ref), [pane, ref]);
  const dashboard = useMemo(() => loadDashboard(json), [json]);
  const onRange = useCallback((range: Pane['range']) => onChange({ ...pane, range }), [onChange, pane]);
  const scope = useStandaloneScope(dashboard, { range: pane.range, turns, onRange, timeZone: search.get('timezone') ?? '' });
  const editing = useMemo(() => readOnly(json), [json]);
  const setQueries = (panel: AnyRecord): void => {
    const queries = records(panel['targets']);
    for (const query of queries) remember(text(query['expr']));
    const chosen = text(record(panel['datasource'])['uid']);
    onChange({ ...pane, datasource: chosen || pane.datasource, queries: queries.map(({ datasource: _datasource, ...query }) => query) });
  };
  const pick = (expr: string): void => onChange({ ...pane, queries: [{ ...pane.queries[0], refId: text(pane.queries[0]?.['refId'], 'A'), expr }, ...pane.queries.slice(1)] });
  const setRange = (range: TimeRange): void => onRange(rangeToUrl(range));
  const hasAny = pane.queries.some((query) => text(query['expr']) !== '');
  return (
    <EditContext.Provider value={editing}>
      <ScopeContext.Provider value={scope}>
        <section className="explore-pane" aria-label="Explore">
          <div className="toolbar" role="toolbar" aria-label="Explore">
            <TimeRangePicker
              value={scope.timeRange}
              timeZone={scope.timeZone}
              onChange={setRange}
              {...(isWeekStart(user.weekStart) ? { weekStart: user.weekStart } : {})}
              onChangeTimeZone={(timezone) => updateSearch({ timezone })}
              onMoveBackward={() => setRange(shifted(scope, -1))}
              onMoveForward={() => setRange(shifted(scope, 1))}
              onZoom={() => setRange(widened(scope))}
              isOnCanvas
            />
            {!isAlone && <SyncButton isOn={areTimesSynced} onPress={onSync} />}
            <ToolbarButton variant="canvas" icon="sync" onClick={() => setTurns(turns + 1)}>
              Run
            </ToolbarButton>
            <ToolbarButton variant="canvas" icon="columns" onClick={isAlone ? onSplit : onClose}>
              {isAlone ? 'Split' : 'Close'}
            </ToolbarButton>
            <ToolbarButton variant="canvas" icon="apps" disabled={!hasAny} onClick={() => addToDashboard(json)}>
              Add to dashboard
            </ToolbarButton>
            <ToolbarButton variant="canvas" icon="plus" disabled={!hasAny} onClick={() => setIsAdding(true)}>
              Add to existing
            </ToolbarButton>
            <ShareMenu instantOf={(range) => instantOf(range, scope.timeZone)} />
            <ToolbarButton variant="canvas" icon="bolt" onClick={() => navigate(`/dashboard/generate?ds=${encodeURIComponent(ref.uid)}`)}>
              Dashboard of a job
            </ToolbarButton>
          </div>
          <QueryTab panel={{ datasource: ref, targets: pane.queries }} onChange={setQueries} />
          <Helps sourceUid={source?.uid} onPick={pick} />
          {isAdding && <AddDrawer panel={graphOf(json)} onClose={() => setIsAdding(false)} />}
          {hasAny ? <Results dashboard={dashboard} /> : <p className="state">Write a query, or pick a metric from the browser.</p>}
        </section>
      </ScopeContext.Provider>
    </EditContext.Provider>
  );
}

function absolute(fromMs: number, toMs: number, timeZone: string): TimeRange {
  const from = dateTimeForTimeZone(timeZone, fromMs);
  const to = dateTimeForTimeZone(timeZone, toMs);
  return { from, to, raw: { from, to } };
}

function shifted({ window: { fromMs, toMs }, timeZone }: DashboardScope, direction: 1 | -1): TimeRange {
  const half = ((toMs - fromMs) / 2) * direction;
  return absolute(fromMs + half, toMs + half, timeZone);
}

function widened({ window: { fromMs, toMs }, timeZone }: DashboardScope): TimeRange {
  const half = (toMs - fromMs) / 2;
  return absolute(fromMs - half, toMs + half, timeZone);
}
