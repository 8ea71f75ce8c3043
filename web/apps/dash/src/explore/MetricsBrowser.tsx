// The metrics of a data source with their types and meanings; a click starts a query that suits the type.
import { record, records, text } from '@narthex/dashmodel/json';
import { fetchResource } from '@narthex/grafanaapi';
import { Button, FilterInput } from '@narthex/vizkit';
import { useEffect, useMemo, useState } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { suggestedQuery } from './suggest';

interface Metric {
  name: string;
  type: string;
  help: string;
}

const SHOWN_MAX = 200;

async function fetchMetrics(uid: string): Promise<Metric[]> {
  const none = new URLSearchParams();
  const [names, metadata] = await Promise.all([fetchResource(uid, 'api/v1/label/__name__/values', none), fetchResource(uid, 'api/v1/metadata', none)]);
  const known = record(metadata);
  return (Array.isArray(names) ? names : []).map((name) => {
    const own = text(name);
    const [first] = records(known[own] ?? known[own.replace(/_(bucket|sum|count|total)$/, '')]);
    return { name: own, type: text(first?.['type'], 'unknown'), help: text(first?.['help']) };
  });
}

export function MetricsBrowser({ sourceUid, onPick }: { sourceUid: string; onPick: (expr: string) => void }) {
  const [metrics, setMetrics] = useState<Metric[]>();
  const [failure, setFailure] = useState('');
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    let isCurrent = true;
    setMetrics(undefined);
    fetchMetrics(sourceUid)
      .then((found) => isCurrent && setMetrics(found))
      .catch((error: unknown) => isCurrent && setFailure(error instanceof Error ? error.message : String(error)));
    return () => {
      isCurrent = false;
    };
  }, [sourceUid]);
  const shown = useMemo(
    () => (metrics ?? []).filter(({ name, type, help }) => `${name} ${type} ${help}`.toLowerCase().includes(wanted.toLowerCase())),
    [metrics, wanted],
  );
  if (failure) return <ErrorState title="The metrics could not be listed" message={failure} />;
  if (!metrics) return <LoadingState label="Loading metrics" />;
  return (
    <section aria-label="Metrics browser" className="metrics-browser">
      <FilterInput placeholder="Search by name, type or help" aria-label="Search metrics" value={wanted} onChange={setWanted} />
      <ul>
        {shown.slice(0, SHOWN_MAX).map((metric) => (
          <li key={metric.name}>
            <Button size="sm" variant="secondary" fill="text" onClick={() => onPick(suggestedQuery(metric.name, metric.type))}>
              {metric.name}
            </Button>
            <small>
              {metric.type} {metric.help}
            </small>
          </li>
        ))}
      </ul>
      {shown.length > SHOWN_MAX && <p>{shown.length - SHOWN_MAX} more; search narrows them down.</p>}
    </section>
  );
}
