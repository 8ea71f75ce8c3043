// What is scraped, by scrape pool, and how the last scrapes went.
import { targets, type TargetHealth } from '@narthex/promapi';
import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';

import { api } from '../../api_client';
import { Card } from '../../components/card';
import { EndpointView } from '../../components/endpoint_view';
import { IconSearch } from '../../components/icons';
import { PageFrame } from '../../components/page_frame';
import { EmptyNote } from '../../components/states';
import { countOf } from '../../lib/number_text';
import { groupTargets } from '../../lib/target_pools';
import { useEndpoint } from '../use_endpoint';
import { PoolCard } from './pool_card';
import styles from './targets.module.css';

const REFRESH_MS = 5000;

type HealthChoice = 'all' | TargetHealth;
const CHOICES: { value: HealthChoice; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'up', label: 'Up' },
  { value: 'down', label: 'Down' },
  { value: 'unknown', label: 'Unknown' },
];

export default function TargetsPage() {
  const [text, setText] = useState('');
  const [choice, setChoice] = useState<HealthChoice>('all');
  const endpoint = useEndpoint('targets', (signal) => targets(api, signal), REFRESH_MS);

  const tools = (
    <>
      <SegmentedControl
        size="sm"
        aria-label="Health"
        value={choice}
        onChange={(value) => setChoice(CHOICES.find((entry) => entry.value === value)?.value ?? 'all')}
        data={CHOICES}
      />
      <TextInput
        className={styles.search ?? ''}
        aria-label="Filter targets"
        placeholder="Filter by address, label or error"
        leftSection={<IconSearch />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </>
  );
  const active = endpoint.data?.activeTargets;
  const upCount = active?.filter(({ health }) => health === 'up').length ?? 0;
  return (
    <PageFrame
      title="Targets"
      subtitle={active === undefined ? undefined : `${upCount} of ${countOf(active.length, 'target')} up`}
      tools={tools}
    >
      <EndpointView endpoint={endpoint}>
        {({ activeTargets, droppedTargetCounts }) => {
          const pools = groupTargets(activeTargets, { text, health: choice === 'all' ? [] : [choice] });
          if (pools.length > 0) {
            return pools.map((pool) => (
              <PoolCard key={pool.name} pool={pool} droppedCount={droppedTargetCounts[pool.name] ?? 0} />
            ));
          }
          return (
            <Card>
              {activeTargets.length === 0 ? (
                <EmptyNote title="Nothing is scraped">The configuration names no target.</EmptyNote>
              ) : (
                <EmptyNote title="No target matches the filter" />
              )}
            </Card>
          );
        }}
      </EndpointView>
    </PageFrame>
  );
}
