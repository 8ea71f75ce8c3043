// Who is signed in and what the server offers; without a session, on to the sign-in page.
import { ApiError, base, fetchSettings, onSignedOut, SIGNED_OUT_STATUS, type FrontendSettings, type User } from '@narthex/grafanaapi';
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { navigate } from '../router/location';
import { signInAddress } from '../router/routes';
import { useThemeChoice } from '../theme/AppTheme';
import { preferenceOf } from '../theme/preference';
import { useTokenRotation } from './useTokenRotation';

export interface Session {
  user: User;
  settings: FrontendSettings;
  /** Reads the settings anew, after something among them was changed. */
  renew?: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside of SessionGate');
  return session;
}

function toSignIn(): void {
  navigate(signInAddress({ pathname: base.remove(window.location.pathname), search: window.location.search }), 'replace');
}

export function SessionGate({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const { adopt } = useThemeChoice();
  const renew = useCallback(() => setAttempt((before) => before + 1), []);
  useEffect(() => {
    let isCurrent = true;
    onSignedOut(toSignIn);
    setFailure(undefined);
    fetchSettings()
      .then((settings) => {
        if (!isCurrent) return;
        const preferred = preferenceOf(settings);
        if (preferred) adopt(preferred);
        setSession({ user: settings.user, settings, renew });
      })
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.status === SIGNED_OUT_STATUS) return;
        if (isCurrent) setFailure(error instanceof Error ? error.message : String(error));
      });
    return () => {
      isCurrent = false;
    };
  }, [attempt, adopt, renew]);
  useTokenRotation(session?.user.isSignedIn === true);
  if (failure !== undefined) {
    return <ErrorState title="Narthex does not answer" message={failure} onRetry={() => setAttempt(attempt + 1)} />;
  }
  if (!session) return <LoadingState label="Loading" />;
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}
