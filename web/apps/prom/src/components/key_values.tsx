// Names and values in two columns, one below the other where the window is narrow.
import type { ReactNode } from 'react';

import styles from './key_values.module.css';

export interface KeyValue {
  name: string;
  value: ReactNode;
}

export function KeyValues({ entries }: { entries: readonly KeyValue[] }) {
  return (
    <dl className={styles.list}>
      {entries.map(({ name, value }) => (
        <div key={name} className={styles.entry}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
