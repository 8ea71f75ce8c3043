// Annotations that are stored on the server, newest first.
import { flag, type AnyRecord } from '@narthex/dashmodel/json';
import { base, searchAnnotations, type StoredAnnotation } from '@narthex/grafanaapi';
import { useEffect, useState } from 'react';

import { fullTime } from '../plot/text';
import type { PanelProps } from '../props';
import { addressOf, searchFor } from './annotation_options';

function useAnnotations(options: AnyRecord, dashboardUid: string, fromMs: number, toMs: number) {
  const [found, setFound] = useState<StoredAnnotation[]>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let isCurrent = true;
    searchAnnotations(searchFor(options, { dashboardUid, window: { fromMs, toMs } })).then(
      (all) => isCurrent && (setFound(all), setFailure('')),
      (error: unknown) => isCurrent && setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [options, dashboardUid, fromMs, toMs]);
  return { found, failure };
}

export default function AnnotationListPanel({ options, height, timeRange, timeZone, interpolate }: PanelProps) {
  const here = interpolate('${__dashboard.uid}');
  const { found, failure } = useAnnotations(options, here, timeRange.from.valueOf(), timeRange.to.valueOf());
  if (failure) return <p role="alert">The annotations could not be read: {failure}</p>;
  if (!found) return <p role="status">Loading annotations</p>;
  if (found.length === 0) return <p role="status">No annotations found</p>;
  return (
    <ul style={{ height, overflow: 'auto', listStyle: 'none', margin: 0, padding: 0 }}>
      {found.map((annotation) => {
        const address = addressOf(annotation, options, here);
        return (
          <li key={annotation.id} style={{ padding: '4px 0', borderBottom: '1px solid var(--border-weak)' }}>
            {address === undefined ? annotation.text : <a href={base.add(address)}>{annotation.text}</a>}
            <div style={{ color: 'var(--text-secondary)', fontSize: 12 }}>
              {[flag(options['showUser'], true) ? annotation.login : '', flag(options['showTime'], true) ? fullTime(annotation.timeMs, timeZone) : '', flag(options['showTags'], true) ? annotation.tags.join(', ') : '']
                .filter((part) => part !== '')
                .join(' · ')}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
