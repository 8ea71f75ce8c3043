// The targets of one scrape pool.
import type { ActiveTarget } from '@narthex/promapi';
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';

import { Badge } from '../../components/badge';
import { IconDown, IconRight } from '../../components/icons';
import { LabelChips } from '../../components/label_chips';
import { describeDuration } from '../../lib/duration';
import { countOf } from '../../lib/number_text';
import type { TargetPool } from '../../lib/target_pools';
import { formatInstant, parseRfc3339 } from '../../lib/time_text';
import { useSettings } from '../../shell/settings';
import { useNow } from '../use_now';
import styles from './targets.module.css';

const TONES = { up: 'ok', down: 'error', unknown: 'neutral' } as const;

function LastScrape({ target }: { target: ActiveTarget }) {
  const { timeZone } = useSettings();
  const now = useNow();
  const time = parseRfc3339(target.lastScrape);
  if (time === undefined) return <span className={styles.muted}>not scraped yet</span>;
  const ago = Math.max(0, now - time);
  return (
    <span className={styles.scrape}>
      <span title={formatInstant(time, timeZone)}>{describeDuration(ago)} ago</span>
      <span className={styles.muted} title="Duration of the last scrape">
        took {describeDuration(target.lastScrapeDuration)}
      </span>
      {target.scrapeInterval !== '' && (
        <span className={styles.muted} title={`Timeout ${target.scrapeTimeout}`}>
          every {target.scrapeInterval}
        </span>
      )}
    </span>
  );
}

function TargetRow({ target }: { target: ActiveTarget }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className={styles.target} data-health={target.health} data-testid="target">
      <div className={styles.row}>
        <Badge tone={TONES[target.health]}>{target.health}</Badge>
        <div className={styles.main}>
          <a className={styles.url} href={target.globalUrl === '' ? target.scrapeUrl : target.globalUrl}>
            {target.scrapeUrl}
          </a>
          <LabelChips labels={target.labels} />
        </div>
        <LastScrape target={target} />
        <UnstyledButton
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-label={`Discovered labels of ${target.scrapeUrl}`}
          title="Labels before relabelling"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <IconDown /> : <IconRight />}
        </UnstyledButton>
      </div>
      {target.lastError !== '' && <div className={styles.error}>{target.lastError}</div>}
      {isOpen && (
        <div className={styles.discovered}>
          <span className={styles.muted}>Labels before relabelling</span>
          <LabelChips labels={target.discoveredLabels} />
        </div>
      )}
    </li>
  );
}

export function PoolCard({ pool, droppedCount }: { pool: TargetPool; droppedCount: number }) {
  const [isOpen, setOpen] = useState(true);
  const { up, down, unknown } = pool.counts;
  const isHealthy = down === 0 && unknown === 0;
  return (
    <section className={styles.pool} data-testid="scrape-pool">
      <h2 className={styles.poolTitle}>
        <UnstyledButton className={styles.poolButton} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <IconDown /> : <IconRight />}
          {pool.name}
          <span className={styles.poolState}>
            {droppedCount > 0 && <span className={styles.muted}>{countOf(droppedCount, 'target')} dropped</span>}
            <Badge tone={isHealthy ? 'ok' : down > 0 ? 'error' : 'neutral'}>
              {up} / {up + down + unknown} up
            </Badge>
          </span>
        </UnstyledButton>
      </h2>
      {isOpen && (
        <ul className={styles.targets}>
          {pool.targets.map((target) => (
            <TargetRow key={`${target.scrapeUrl} ${JSON.stringify(target.labels)}`} target={target} />
          ))}
        </ul>
      )}
    </section>
  );
}
