// A page with its title; what narrows the page down stands to the right of it.
import type { ReactNode } from 'react';

import styles from './page_frame.module.css';

interface PageFrameProps {
  title: string;
  subtitle?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}

export function PageFrame({ title, subtitle, tools, children }: PageFrameProps) {
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          {subtitle !== undefined && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        {tools !== undefined && <div className={styles.tools}>{tools}</div>}
      </div>
      {children}
    </div>
  );
}
