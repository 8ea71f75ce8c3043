// Runs a query of a panel: once for each set of inputs and each press of "Execute".
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';

export interface Run<T> {
  result: T | undefined;
  // Of the newest run; the result, if any, is then an older one's and not shown.
  error: Error | null;
  // Whether `result` belongs to inputs that were changed since.
  isOutdated: boolean;
  // From sending to having read the answer.
  loadSeconds: number;
}

export function useRun<T>(
  key: readonly unknown[],
  ask: (signal: AbortSignal) => Promise<T>,
  onFetching: (isFetching: boolean) => void,
): Run<T> {
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const begin = performance.now();
      const result = await ask(signal);
      return { result, loadSeconds: (performance.now() - begin) / 1000 };
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    // Leaving the tab forgets the result: coming back asks anew, as "now" has moved on.
    gcTime: 0,
    structuralSharing: false,
  });
  useEffect(() => {
    onFetching(isFetching);
    return () => onFetching(false);
  }, [isFetching, onFetching]);
  return { result: data?.result, error, isOutdated: isPlaceholderData, loadSeconds: data?.loadSeconds ?? 0 };
}
