// A framed area of a page, with an optional heading.
import type { ReactNode } from 'react';

import styles from './card.module.css';

interface CardProps {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

export function Card({ title, aside, children }: CardProps) {
  return (
    <section className={styles.card}>
      {title !== undefined && (
        <div className={styles.head}>
          <h2 className={styles.title}>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
