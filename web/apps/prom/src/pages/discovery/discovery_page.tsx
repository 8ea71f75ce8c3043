// What service discovery found and what relabelling made of it.
import { TextInput } from '@mantine/core';
import { targets } from '@narthex/promapi';
import { useState } from 'react';

import { api } from '../../api_client';
import { Badge } from '../../components/badge';
import { Card } from '../../components/card';
import { EndpointView } from '../../components/endpoint_view';
import { IconSearch } from '../../components/icons';
import { LabelChips } from '../../components/label_chips';
import { PageFrame } from '../../components/page_frame';
import { EmptyNote } from '../../components/states';
import { groupDiscovered, type DiscoveredPool } from '../../lib/discovered_pools';
import { countOf } from '../../lib/number_text';
import { useEndpoint } from '../use_endpoint';
import styles from './discovery.module.css';

const REFRESH_MS = 10000;

// Pools of thousands exist; typing narrows them down.
const SHOWN_MAX = 200;

function PoolTable({ pool }: { pool: DiscoveredPool }) {
  const { name, entries, activeCount, droppedCount } = pool;
  const summary = `${countOf(activeCount, 'target')}${droppedCount === 0 ? '' : `, ${droppedCount} dropped`}`;
  return (
    <Card title={name} aside={<span className={styles.muted}>{summary}</span>}>
      {entries.length === 0 ? (
        <EmptyNote title={activeCount + droppedCount === 0 ? 'Nothing was discovered' : 'Nothing to show here'} />
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Discovered labels</th>
              <th scope="col">Target labels</th>
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, SHOWN_MAX).map(({ discovered, labels }, index) => (
              <tr key={index}>
                <td>
                  <LabelChips labels={discovered} />
                </td>
                <td>
                  {labels === undefined ? (
                    <Badge tone="neutral">dropped by relabelling</Badge>
                  ) : (
                    <LabelChips labels={labels} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {entries.length > SHOWN_MAX && (
        <div className={styles.more}>The first {SHOWN_MAX} are shown. The filter finds the others.</div>
      )}
    </Card>
  );
}

export default function DiscoveryPage() {
  const [text, setText] = useState('');
  const endpoint = useEndpoint('targets', (signal) => targets(api, signal), REFRESH_MS);
  const search = (
    <TextInput
      className={styles.search ?? ''}
      aria-label="Filter discovered targets"
      placeholder="Filter by label"
      leftSection={<IconSearch />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
  return (
    <PageFrame title="Service discovery" tools={search}>
      <EndpointView endpoint={endpoint}>
        {(data) => {
          const pools = groupDiscovered(data, text);
          if (pools.length > 0) return pools.map((pool) => <PoolTable key={pool.name} pool={pool} />);
          return (
            <Card>
              <EmptyNote title="Nothing was discovered">The configuration names no target.</EmptyNote>
            </Card>
          );
        }}
      </EndpointView>
    </PageFrame>
  );
}
