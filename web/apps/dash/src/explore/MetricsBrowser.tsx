// The metrics of a data source with their types, meanings and numbers of series; a click starts a query that suits the
// type.
import { fetchResource } from '@narthex/grafanaapi';
import { fetchCardinality, fetchMetrics, fetchSeriesCounts, type Cardinality, type Metric } from '@narthex/runner';
import { Button, FilterInput, IconButton, RadioButtonGroup } from '@narthex/vizkit';
import { useEffect, useMemo, useState } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { useScope } from '../dashboard/scope';
import { listed, type Order } from './metric_list';
import { suggestedQuery } from './suggest';

const SHOWN_MAX = 200;
const ORDERS: Array<{ value: Order; label: string }> = [
  { value: 'name', label: 'By name' },
  { value: 'series', label: 'By series' },
];

interface Known {
  metrics: Metric[];
  /** Empty where the source does not tell. */
  counts: ReadonlyMap<string, number>;
}

function useMetricList(uid: string): { known: Known | undefined; failure: string } {
  const [known, setKnown] = useState<Known>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let isCurrent = true;
    setKnown(undefined);
    Promise.all([fetchMetrics(uid, fetchResource), fetchSeriesCounts(uid, fetchResource)])
      .then(([metrics, counts]) => isCurrent && setKnown({ metrics, counts }))
      .catch((error: unknown) => isCurrent && setFailure(error instanceof Error ? error.message : String(error)));
    return () => {
      isCurrent = false;
    };
  }, [uid]);
  return { known, failure };
}

function Details({ sourceUid, metric }: { sourceUid: string; metric: string }) {
  const { window } = useScope();
  const [found, setFound] = useState<Cardinality | string>();
  const [{ fromMs, toMs }] = useState(window);
  useEffect(() => {
    let isCurrent = true;
    fetchCardinality(sourceUid, metric, { fromMs, toMs }, fetchResource)
      .then((one) => isCurrent && setFound(one))
      .catch((error: unknown) => isCurrent && setFound(error instanceof Error ? error.message : String(error)));
    return () => {
      isCurrent = false;
    };
  }, [sourceUid, metric, fromMs, toMs]);
  if (found === undefined) return <p role="status">Counting series</p>;
  if (typeof found === 'string') return <p role="alert">{found}</p>;
  return (
    <div className="metric-details">
      <p>
        {found.seriesCount} series{found.isCut && ' and more'} in the range
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Values</th>
            <th scope="col">Such as</th>
          </tr>
        </thead>
        <tbody>
          {found.labels.map(({ name, count, examples }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{count}</td>
              <td>{examples.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function MetricsBrowser({ sourceUid, onPick }: { sourceUid: string; onPick: (expr: string) => void }) {
  const { known, failure } = useMetricList(sourceUid);
  const [wanted, setWanted] = useState('');
  const [order, setOrder] = useState<Order>('name');
  const [open, setOpen] = useState('');
  const shown = useMemo(() => (known ? listed(known.metrics, known.counts, wanted, order) : []), [known, wanted, order]);
  if (failure) return <ErrorState title="The metrics could not be listed" message={failure} />;
  if (!known) return <LoadingState label="Loading metrics" />;
  return (
    <section aria-label="Metrics browser" className="metrics-browser">
      <div className="metrics-search">
        <FilterInput placeholder="Search by name, type or help" aria-label="Search metrics" value={wanted} onChange={setWanted} />
        {known.counts.size > 0 && <RadioButtonGroup aria-label="Order of metrics" options={ORDERS} value={order} onChange={setOrder} />}
      </div>
      <ul>
        {shown.slice(0, SHOWN_MAX).map(({ name, type, unit, help }) => (
          <li key={name}>
            <IconButton
              name={open === name ? 'angle-down' : 'angle-right'}
              tooltip={`Labels of ${name}`}
              aria-expanded={open === name}
              onClick={() => setOpen(open === name ? '' : name)}
            />
            <Button size="sm" variant="secondary" fill="text" onClick={() => onPick(suggestedQuery(name, type))}>
              {name}
            </Button>
            <small>
              {[known.counts.has(name) ? `${known.counts.get(name)} series` : '', type, unit, help].filter((one) => one !== '').join(' · ')}
            </small>
            {open === name && <Details sourceUid={sourceUid} metric={name} />}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p>No metric matches.</p>}
      {shown.length > SHOWN_MAX && <p>{shown.length - SHOWN_MAX} more; search narrows them down.</p>}
    </section>
  );
}
