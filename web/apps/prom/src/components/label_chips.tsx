// The labels of a target, each for itself.
import type { Labels } from '@narthex/promapi';

import styles from './label_chips.module.css';

export function LabelChips({ labels }: { labels: Labels }) {
  return (
    <span className={styles.chips}>
      {Object.entries(labels).map(([name, value]) => (
        <span key={name} className={styles.chip}>
          <span className={styles.name}>{name}</span>={JSON.stringify(value)}
        </span>
      ))}
    </span>
  );
}
