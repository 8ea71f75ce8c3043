// What the storage's head holds, and which names and labels take the most room.
import { statusTsdb, type HeadStats, type NamedCount } from '@narthex/promapi';

import { api } from '../api_client';
import { Card } from '../components/card';
import { EndpointView } from '../components/endpoint_view';
import { PageFrame } from '../components/page_frame';
import { EmptyNote } from '../components/states';
import { describeDuration } from '../lib/duration';
import { formatBytes, formatCount } from '../lib/number_text';
import { formatInstant, type TimeZone } from '../lib/time_text';
import { useSettings } from '../shell/settings';
import styles from './tsdb_status_page.module.css';
import { useEndpoint } from './use_endpoint';

const REFRESH_MS = 10000;
const LIMIT = 10;

function figures(head: HeadStats, zone: TimeZone): { name: string; value: string; note?: string }[] {
  // An empty head has its bounds the wrong way round.
  const isEmpty = head.minTime > head.maxTime;
  const span = isEmpty ? 'none' : describeDuration((head.maxTime - head.minTime) / 1000);
  const instant = (milliseconds: number) => formatInstant(Math.floor(milliseconds / 1000), zone);
  return [
    { name: 'Series', value: formatCount(head.numSeries) },
    { name: 'Chunks', value: formatCount(head.chunkCount) },
    { name: 'Label pairs', value: formatCount(head.numLabelPairs) },
    {
      name: 'Time held',
      value: span,
      ...(!isEmpty && { note: `${instant(head.minTime)} to ${instant(head.maxTime)}` }),
    },
  ];
}

interface TopListProps {
  title: string;
  entries: readonly NamedCount[];
  format: (value: number) => string;
}

function TopList({ title, entries, format }: TopListProps) {
  const largest = Math.max(1, ...entries.map(({ value }) => value));
  return (
    <Card title={title}>
      {entries.length === 0 && <EmptyNote title="None" />}
      <ol className={styles.top}>
        {entries.map(({ name, value }) => (
          <li key={name} className={styles.entry}>
            <span className={styles.bar} style={{ width: `${(value / largest) * 100}%` }} />
            <span className={styles.name}>{name}</span>
            <span className={styles.value}>{format(value)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

export default function TsdbStatusPage() {
  const { timeZone } = useSettings();
  const endpoint = useEndpoint('tsdb', (signal) => statusTsdb(api, { limit: LIMIT, signal }), REFRESH_MS);
  return (
    <PageFrame title="TSDB status">
      <EndpointView endpoint={endpoint}>
        {(status) => (
          <>
            <div className={styles.figures}>
              {figures(status.headStats, timeZone).map(({ name, value, note }) => (
                <div key={name} className={styles.figure}>
                  <div className={styles.figureName}>{name}</div>
                  <div className={styles.figureValue}>{value}</div>
                  {note !== undefined && <div className={styles.figureName}>{note}</div>}
                </div>
              ))}
            </div>
            <div className={styles.lists}>
              <TopList title="Series by metric name" entries={status.seriesCountByMetricName} format={formatCount} />
              <TopList title="Values by label name" entries={status.labelValueCountByLabelName} format={formatCount} />
              <TopList title="Series by label pair" entries={status.seriesCountByLabelValuePair} format={formatCount} />
              <TopList title="Memory by label name" entries={status.memoryInBytesByLabelName} format={formatBytes} />
            </div>
          </>
        )}
      </EndpointView>
    </PageFrame>
  );
}
