// Data of a status page: asked for when the page opens, and again as often as it says.
import type { Answer } from '@narthex/promapi';
import { useQuery } from '@tanstack/react-query';

export interface Endpoint<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => void;
}

export function useEndpoint<T>(
  name: string,
  ask: (signal: AbortSignal) => Promise<Answer<T>>,
  refreshMs: number | false = false,
): Endpoint<T> {
  const { data, error, refetch } = useQuery({
    queryKey: ['endpoint', name],
    queryFn: async ({ signal }) => (await ask(signal)).data,
    refetchInterval: refreshMs,
  });
  return { data, error, refetch: () => void refetch() };
}
