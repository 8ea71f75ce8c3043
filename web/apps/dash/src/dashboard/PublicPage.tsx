// A dashboard as everybody sees it who has its address: the panels, and the range where it may be chosen.
import { setWeekStart } from '@grafana/data';
import { classic, loadDashboard, migrate, type AnyRecord } from '@narthex/dashmodel';
import { record } from '@narthex/dashmodel/json';
import { ApiError, fetchPublicDashboard, fetchPublicNotes, queryPublicPanel } from '@narthex/grafanaapi';
import { useCallback, useEffect, useMemo, useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { EditContext } from '../edit/EditContext';
import { useModel } from '../edit/useModel';
import { SessionContext } from '../session/SessionGate';
import { Panels } from './DashboardPage';
import { ScopeContext, type Visit } from './scope';
import { readOnly } from './standalone';
import { Toolbar } from './Toolbar';
import { usePage } from './usePage';
import { useRefresh } from './useRefresh';
import { marksOfNotes, visitorSettings } from './visitor';

// No token at all, or none that is known.
const UNKNOWN_STATUSES: ReadonlySet<number | undefined> = new Set([400, 404]);
const PAUSED_STATUS = 403;

interface Opened {
  json: AnyRecord;
  visit: Visit;
}

async function open(token: string, signal: AbortSignal): Promise<Opened> {
  const { dashboard: stored, mayChooseTime, showsAnnotations } = await fetchPublicDashboard(token, signal);
  const dashboard = await classic(stored);
  loadDashboard(dashboard);
  const visit: Visit = {
    mayChooseTime,
    ask: (query, stop) => queryPublicPanel(token, query, stop),
    fetchMarks: async (window, stop) => (showsAnnotations ? marksOfNotes(await fetchPublicNotes(token, window, stop)) : []),
  };
  return { json: migrate(record(dashboard)), visit };
}

function PublicView({ json, visit }: Opened) {
  const editing = useMemo(() => readOnly(json), [json]);
  const dashboard = useModel(json);
  const page = usePage(dashboard, { visit });
  useRefresh(page.refreshEveryMs, page.turn);
  useEffect(() => {
    document.title = `${dashboard.title} - Narthex`;
  }, [dashboard.title]);
  return (
    <EditContext.Provider value={editing}>
      <ScopeContext.Provider value={page}>
        <main className="dashboard dashboard-public">
          <header className="controls">
            <h1>{dashboard.title}</h1>
            {visit.mayChooseTime && (
              <Toolbar
                timeRange={page.timeRange}
                timeZone={page.timeZone}
                fiscalYearStartMonth={dashboard.fiscalYearStartMonth}
                weekStart={page.weekStart}
                refresh={page.refresh}
                refreshIntervals={dashboard.refreshIntervals}
                refreshIntervalMin=""
                isTimeHidden={false}
                isViewing={false}
                isPlain
                onRefresh={page.turn}
              />
            )}
          </header>
          <Panels page={page} viewed={null} />
        </main>
      </ScopeContext.Provider>
    </EditContext.Provider>
  );
}

function PublicSession(opened: Opened) {
  const { json } = opened;
  const session = useMemo(() => {
    const settings = visitorSettings(loadDashboard(json));
    return { settings, user: settings.user };
  }, [json]);
  return (
    <SessionContext.Provider value={session}>
      <PublicView {...opened} />
    </SessionContext.Provider>
  );
}

function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === PAUSED_STATUS) return <EmptyState icon="pause" title="This dashboard is paused">Who shares it has switched it off for now.</EmptyState>;
  if (UNKNOWN_STATUSES.has(status)) return <EmptyState icon="question-circle" title="There is no such public dashboard">Its address is not whole, or it is no longer shared.</EmptyState>;
  return <ErrorState title="This dashboard could not be opened" message={error instanceof Error ? error.message : String(error)} onRetry={onRetry} />;
}

export function PublicPage({ token }: { token: string }) {
  const [opened, setOpened] = useState<Opened>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    setWeekStart(undefined);
    open(token, abort.signal)
      .then(setOpened)
      .catch((found: unknown) => !abort.signal.aborted && setError(found));
    return () => abort.abort();
  }, [token, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  if (opened) return <PublicSession {...opened} />;
  return <main className="page">{error === undefined ? <LoadingState label="Loading dashboard" /> : <Refused error={error} onRetry={retry} />}</main>;
}
