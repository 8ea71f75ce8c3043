// All metrics by name, with what their targets say about them.
import { ActionIcon, Modal, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { labelValues, metadata } from '@narthex/promapi';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { api } from '../../api_client';
import { IconBook, IconSearch } from '../../components/icons';
import { EmptyNote, ErrorNote, LoadingRows } from '../../components/states';
import { filterMetrics, type MetricEntry } from '../../lib/metric_search';
import { countOf } from '../../lib/number_text';
import styles from './metrics_explorer.module.css';

// More rows than a person reads; typing narrows them down.
const SHOWN_MAX = 200;

async function fetchMetrics(signal: AbortSignal): Promise<MetricEntry[]> {
  const [names, described] = await Promise.all([
    labelValues(api, '__name__', signal),
    metadata(api, signal),
  ]);
  return names.data.map((name) => {
    const first = described.data[name]?.[0];
    return { name, type: first?.type ?? '', help: first?.help ?? '' };
  });
}

function MetricList({ onPick }: { onPick: (metric: string) => void }) {
  const [text, setText] = useState('');
  const { data, error } = useQuery({
    queryKey: ['metrics'],
    queryFn: ({ signal }) => fetchMetrics(signal),
    gcTime: 0,
  });
  const found = useMemo(() => filterMetrics(data ?? [], text), [data, text]);

  if (error !== null) return <ErrorNote error={error} />;
  if (data === undefined) return <LoadingRows rows={8} />;
  return (
    <>
      <TextInput
        data-autofocus
        aria-label="Search metrics"
        placeholder="Search by name or description"
        leftSection={<IconSearch />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <output className={styles.count}>
        {countOf(found.length, 'metric')}
        {found.length > SHOWN_MAX && `, the first ${SHOWN_MAX} shown`}
      </output>
      {found.length === 0 && <EmptyNote title="No metric matches" />}
      <ul className={styles.list}>
        {found.slice(0, SHOWN_MAX).map(({ name, type, help }) => (
          <li key={name}>
            <UnstyledButton className={styles.metric} onClick={() => onPick(name)}>
              <span className={styles.name}>{name}</span>
              {type !== '' && <span className={styles.type}>{type}</span>}
              {help !== '' && <span className={styles.help}>{help}</span>}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  );
}

interface MetricsExplorerProps {
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
  onPick: (metric: string) => void;
}

export function MetricsExplorer({ isOpen, onOpen, onClose, onPick }: MetricsExplorerProps) {
  return (
    <>
      <Tooltip label="Explore metrics">
        <ActionIcon variant="subtle" color="gray" size={34} aria-label="Explore metrics" onClick={onOpen}>
          <IconBook size={18} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={isOpen} onClose={onClose} title="Metrics" size={760} closeButtonProps={{ 'aria-label': 'Close' }}>
        <MetricList
          onPick={(metric) => {
            onPick(metric);
            onClose();
          }}
        />
      </Modal>
    </>
  );
}
