// The live channel of the dashboard in sight: closed while the page is hidden, as a browser has few connections.
import { liveEventsPath, subscribeLive } from '@narthex/grafanaapi';
import { LiveConnection, type LiveChange, type Viewer } from '@narthex/runner';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';

export interface Live {
  connection: LiveConnection | undefined;
  viewers: readonly Viewer[];
  /** What somebody else did to the dashboard since it was loaded. */
  change: LiveChange | undefined;
  dismiss: () => void;
}

// The panels come first: a browser has six connections to a host.
const AFTER_PANELS_MS = 2000;

const NO_VIEWERS: readonly Viewer[] = [];

/** Points reach panels through this; undefined where none come. */
export const LiveContext = createContext<LiveConnection | undefined>(undefined);

export const useLiveConnection = (): LiveConnection | undefined => useContext(LiveContext);

function later(callback: () => void, ms: number): () => void {
  const timer = window.setTimeout(callback, ms);
  return () => window.clearTimeout(timer);
}

export function useLive(uid: string): Live {
  const [viewers, setViewers] = useState(NO_VIEWERS);
  const [change, setChange] = useState<LiveChange>();
  const connection = useMemo(
    () =>
      uid === '' || typeof EventSource === 'undefined'
        ? undefined
        : new LiveConnection({
            open: () => new EventSource(liveEventsPath(uid)),
            subscribe: (body) => subscribeLive(uid, body),
            onPresence: setViewers,
            onChange: setChange,
            later,
          }),
    [uid],
  );
  useEffect(() => {
    if (!connection) return undefined;
    const follow = (): void => (document.hidden ? connection.close() : connection.open());
    const cancel = later(() => {
      follow();
      document.addEventListener('visibilitychange', follow);
    }, AFTER_PANELS_MS);
    return () => {
      cancel();
      document.removeEventListener('visibilitychange', follow);
      connection.close();
    };
  }, [connection]);
  return { connection, viewers, change, dismiss: () => setChange(undefined) };
}
