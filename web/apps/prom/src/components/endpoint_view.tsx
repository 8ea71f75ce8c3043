// Draws what an endpoint answered, or why there is nothing to draw.
import type { ReactNode } from 'react';

import type { Endpoint } from '../pages/use_endpoint';
import { Card } from './card';
import { ErrorNote, LoadingRows } from './states';

interface EndpointViewProps<T> {
  endpoint: Endpoint<T>;
  children: (data: T) => ReactNode;
}

export function EndpointView<T>({ endpoint, children }: EndpointViewProps<T>) {
  const { data, error, refetch } = endpoint;
  if (data === undefined) {
    return error === null ? (
      <Card>
        <LoadingRows rows={6} />
      </Card>
    ) : (
      <ErrorNote error={error} onRetry={refetch} />
    );
  }
  return (
    <>
      {/* The last good data stay in view; the error says that they are no longer fresh. */}
      {error !== null && <ErrorNote error={error} title="No longer up to date" onRetry={refetch} />}
      {children(data)}
    </>
  );
}
