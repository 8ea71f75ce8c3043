import { fetchDashboard, type DashboardAnswer } from '@narthex/grafanaapi';
import { loadDashboard, type Dashboard } from '@narthex/dashmodel';
import { useCallback, useEffect, useState } from 'react';

export interface Loaded {
  dashboard: Dashboard;
  meta: Omit<DashboardAnswer, 'dashboard'>;
}

export interface DashboardState {
  loaded: Loaded | undefined;
  failure: string;
  retry: () => void;
}

export function useDashboard(uid: string): DashboardState {
  const [loaded, setLoaded] = useState<Loaded>();
  const [failure, setFailure] = useState('');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setFailure('');
    fetchDashboard(uid, abort.signal)
      .then(({ dashboard, ...meta }) => setLoaded({ dashboard: loadDashboard(dashboard), meta }))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setFailure(error instanceof Error ? error.message : String(error));
      });
    return () => abort.abort();
  }, [uid, attempt]);
  return { loaded, failure, retry: useCallback(() => setAttempt((before) => before + 1), []) };
}
