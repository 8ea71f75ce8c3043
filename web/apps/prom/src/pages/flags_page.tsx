// Command-line flags with the values in force.
import { TextInput } from '@mantine/core';
import { statusFlags } from '@narthex/promapi';
import { useState } from 'react';

import { api } from '../api_client';
import { Card } from '../components/card';
import { EndpointView } from '../components/endpoint_view';
import { IconSearch } from '../components/icons';
import { KeyValues } from '../components/key_values';
import { PageFrame } from '../components/page_frame';
import { EmptyNote } from '../components/states';
import styles from './flags_page.module.css';
import { useEndpoint } from './use_endpoint';

export default function FlagsPage() {
  const [text, setText] = useState('');
  const endpoint = useEndpoint('flags', (signal) => statusFlags(api, signal));
  const search = (
    <TextInput
      className={styles.search ?? ''}
      aria-label="Filter flags"
      placeholder="Filter by name or value"
      leftSection={<IconSearch />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
  return (
    <PageFrame title="Command-line flags" tools={search}>
      <EndpointView endpoint={endpoint}>
        {(flags) => {
          const wanted = text.trim().toLowerCase();
          const found = Object.entries(flags)
            .filter(([name, value]) => `--${name} ${value}`.toLowerCase().includes(wanted))
            .sort(([a], [b]) => (a < b ? -1 : 1));
          return (
            <Card>
              {found.length === 0 && <EmptyNote title="No flag matches" />}
              <KeyValues
                entries={found.map(([name, value]) => ({
                  name: `--${name}`,
                  value: value === '' ? <span className={styles.blank}>empty</span> : <code>{value}</code>,
                }))}
              />
            </Card>
          );
        }}
      </EndpointView>
    </PageFrame>
  );
}
