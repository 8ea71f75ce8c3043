// Renews the session's token when it is due, so that a dashboard left open stays signed in. All tabs see
// the same cookie: the first to notice renews it for all.
import { rotateToken, rotationDueMs } from '@narthex/grafanaapi';
import { useEffect } from 'react';

const LOOK_EVERY_MS = 30_000;

export function useTokenRotation(isSignedIn: boolean): void {
  useEffect(() => {
    if (!isSignedIn) return undefined;
    const look = (): void => {
      const dueMs = rotationDueMs(document.cookie);
      // A failure is told by the next request that needs the session.
      if (dueMs !== undefined && Date.now() >= dueMs) rotateToken().catch(() => {});
    };
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [isSignedIn]);
}
