// Calls back at an interval while the page is in sight; a turn missed while it was hidden comes at once
// when it is seen again.
import { useEffect, useRef } from 'react';

export function useRefresh(intervalMs: number | undefined, refresh: () => void): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (intervalMs === undefined) return undefined;
    let isMissed = false;
    const turn = (): void => {
      isMissed = document.hidden;
      if (!isMissed) latest.current();
    };
    const seen = (): void => {
      if (!document.hidden && isMissed) turn();
    };
    const timer = window.setInterval(turn, intervalMs);
    document.addEventListener('visibilitychange', seen);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [intervalMs]);
}
