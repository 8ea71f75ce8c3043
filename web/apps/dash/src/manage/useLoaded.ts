// Something asked of the server, and asked again after each change to it.
import { ApiError } from '@narthex/grafanaapi';
import { useCallback, useEffect, useRef, useState } from 'react';

const FORBIDDEN_STATUS = 403;

export interface Loaded<T> {
  value: T | undefined;
  /** Why it could not be read. */
  failure: string;
  isForbidden: boolean;
  /** Why the last change did not happen. */
  fault: string;
  reload: () => void;
  /** Does it, then reads anew; true once done. */
  act: (change: () => Promise<void>) => Promise<boolean>;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<unknown>();
  const [fault, setFault] = useState('');
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    let isCurrent = true;
    setError(undefined);
    latest.current().then(
      (read) => isCurrent && setValue(read),
      (found: unknown) => isCurrent && setError(found),
    );
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  const reload = useCallback(() => setAttempt((before) => before + 1), []);
  const act = useCallback(
    async (change: () => Promise<void>) => {
      setFault('');
      try {
        await change();
        reload();
        return true;
      } catch (found) {
        setFault(wordsOf(found));
        return false;
      }
    },
    [reload],
  );
  const isForbidden = error instanceof ApiError && error.status === FORBIDDEN_STATUS;
  return { value, failure: error === undefined ? '' : wordsOf(error), isForbidden, fault, reload, act };
}
