// What the last run cost, in one line.
import type { QueryStats } from '@narthex/promapi';

import { describeDuration } from '../../lib/duration';
import { countOf, formatCount } from '../../lib/number_text';
import styles from './run_stats.module.css';

interface RunStatsProps {
  loadSeconds: number;
  seriesCount: number;
  stats: QueryStats | undefined;
  stepText?: string;
}

export function RunStats({ loadSeconds, seriesCount, stats, stepText }: RunStatsProps) {
  const samples = stats?.totalQueryableSamples;
  const parts = [
    countOf(seriesCount, 'series', 'series'),
    `loaded in ${describeDuration(loadSeconds)}`,
    ...(stepText === undefined ? [] : [`step ${stepText}`]),
    ...(samples === undefined ? [] : [`${formatCount(samples)} samples read`]),
  ];
  return (
    <output className={styles.stats} data-testid="query-stats">
      {parts.join(' · ')}
    </output>
  );
}
