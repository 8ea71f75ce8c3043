// Links to dashboards: starred ones, or those that a search finds.
import { flag, text } from '@narthex/dashmodel/json';
import { base, searchDashboards, type SearchHit } from '@narthex/grafanaapi';
import { useEffect, useState } from 'react';

import type { PanelProps } from '../props';
import { hitGroups } from './hits';
import { readRecent } from './recent';

/** The address with what the list carries over from the page it stands on. */
function hrefOf(url: string, options: PanelProps['options']): string {
  const here = new URLSearchParams(window.location.search);
  const kept = [...here].filter(
    ([key]) => (flag(options['keepTime']) && (key === 'from' || key === 'to')) || (flag(options['includeVars']) && key.startsWith('var-')),
  );
  const search = new URLSearchParams(kept).toString();
  return search === '' ? url : `${url}?${search}`;
}

export default function DashListPanel({ options, height, interpolate }: PanelProps) {
  const [hits, setHits] = useState<SearchHit[]>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let isCurrent = true;
    searchDashboards()
      .then((found) => isCurrent && setHits(found))
      .catch((error: unknown) => isCurrent && setFailure(error instanceof Error ? error.message : String(error)));
    return () => {
      isCurrent = false;
    };
  }, []);
  if (failure) return <p role="alert">The dashboards could not be listed: {failure}</p>;
  if (!hits) return <p role="status">Loading dashboards</p>;
  const groups = hitGroups(hits, { ...options, query: interpolate(text(options['query'])) }, readRecent());
  return (
    <div style={{ height, overflow: 'auto' }}>
      {groups.map(({ title, hits: shown }) => (
        <section key={title}>
          {flag(options['showHeadings'], true) && <h6>{title}</h6>}
          {shown.length === 0 && <p>None</p>}
          <ul style={{ listStyle: 'none', padding: 0, margin: '0 0 8px' }}>
            {shown.map((hit) => (
              <li key={hit.uid} style={{ padding: '3px 0' }}>
                <a className="external-link" href={base.add(hrefOf(hit.url, options))}>
                  {hit.title}
                </a>
                {flag(options['showFolderNames'], true) && hit.folderTitle && <small> {hit.folderTitle}</small>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
