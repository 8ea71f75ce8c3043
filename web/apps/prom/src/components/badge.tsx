// A word in a coloured pill.
import type { ReactNode } from 'react';

import styles from './badge.module.css';

interface BadgeProps {
  tone: 'ok' | 'error' | 'neutral';
  children: ReactNode;
}

export function Badge({ tone, children }: BadgeProps) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  );
}
