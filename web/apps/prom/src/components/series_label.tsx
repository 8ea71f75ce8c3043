// A label set, with the metric's name and the label names told apart from the values.
import type { Labels } from '@narthex/promapi';

import { splitSeriesName } from '../lib/series_name';
import styles from './series_label.module.css';

export function SeriesLabel({ labels }: { labels: Labels }) {
  const { metric, labels: pairs } = splitSeriesName(labels);
  if (pairs.length === 0) return <span className={styles.metric}>{metric === '' ? '{}' : metric}</span>;
  return (
    <span className={styles.series}>
      <span className={styles.metric}>{metric}</span>
      {'{'}
      {pairs.map(([name, value], index) => (
        <span key={name}>
          {index > 0 && ', '}
          <span className={styles.name}>{name}</span>=<span className={styles.value}>{JSON.stringify(value)}</span>
        </span>
      ))}
      {'}'}
    </span>
  );
}
