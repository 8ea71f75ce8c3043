// What the panel sends and what comes back, asked once more for this.
import type { Panel } from '@narthex/dashmodel';
import { askAsIs, dsCall } from '@narthex/grafanaapi';
import type { PanelData } from '@narthex/runner';
import { Alert, Button } from '@narthex/vizkit';
import { useEffect, useRef, useState } from 'react';

import { useScope } from '../dashboard/scope';
import { requestOf } from '../dashboard/usePanelData';
import { prettyJson } from '../components/pretty_json';
import { TakeAlong } from '../components/TakeAlong';

interface Seen {
  content: string;
  fault: string;
}

export function QueryTab({ panel, data, widthPx }: { panel: Panel; data: PanelData; widthPx: number }) {
  const scope = useScope();
  const [seen, setSeen] = useState<Seen>({ content: '', fault: '' });
  const [isAsking, setIsAsking] = useState(false);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const ask = async (): Promise<void> => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setIsAsking(true);
    try {
      const { local: _local, transform: _transform, ...query } = requestOf(panel, scope, widthPx);
      if (query.queries.length === 0) throw new Error('This panel sends no query.');
      const call = dsCall(query);
      const answer = await askAsIs(call, own.signal);
      const { method, body: sent, headers } = call.options;
      setSeen({ fault: '', content: prettyJson({ request: { method, url: call.path, headers, body: sent }, response: answer }) });
    } catch (error) {
      if (own.signal.aborted) return;
      setSeen({ content: '', fault: error instanceof Error ? error.message : String(error) });
    }
    setIsAsking(false);
  };
  const executed = [...new Set(data.queried.map(({ meta }) => meta?.executedQueryString ?? '').filter((text) => text !== ''))];
  return (
    <>
      {executed.length > 0 && (
        <pre className="inspect-json" role="region" aria-label="Executed queries">
          {executed.join('\n\n')}
        </pre>
      )}
      <p>To show the request and the answer as they are, the queries are sent once more.</p>
      <div className="button-row">
        <Button size="sm" icon="sync" disabled={isAsking} onClick={() => void ask()}>
          Refresh
        </Button>
      </div>
      {seen.fault !== '' && <Alert severity="error" title="The queries could not be sent">{seen.fault}</Alert>}
      {seen.content !== '' && <TakeAlong content={seen.content} fileName="query.json" label="Request and response" />}
    </>
  );
}
