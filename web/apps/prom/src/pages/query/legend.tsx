// The series of a graph. A click shows one alone, with Ctrl or Cmd it hides or shows one.
import { Button, UnstyledButton } from '@mantine/core';
import { useState } from 'react';

import type { ChartSeries } from '../../charts/chart_model';
import { SeriesLabel } from '../../components/series_label';
import { formatCount } from '../../lib/number_text';
import { toggleAlone, toggleOne } from '../../lib/visibility';
import styles from './legend.module.css';

// Entries drawn before someone asks for all.
const ENTRIES_AT_FIRST = 100;

interface LegendProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<number>;
  onHidden: (hidden: ReadonlySet<number>) => void;
  onFocus: (index: number | undefined) => void;
}

export function Legend({ series, hidden, onHidden, onFocus }: LegendProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? series : series.slice(0, ENTRIES_AT_FIRST);
  return (
    <div>
      <ul className={styles.legend} aria-label="Series">
        {shown.map(({ labels, color }, index) => (
          <li key={index}>
            <UnstyledButton
              className={styles.entry}
              aria-pressed={!hidden.has(index)}
              onMouseEnter={() => onFocus(hidden.has(index) ? undefined : index)}
              onMouseLeave={() => onFocus(undefined)}
              onClick={(event) => {
                const isOne = event.ctrlKey || event.metaKey;
                onHidden(isOne ? toggleOne(hidden, index) : toggleAlone(hidden, index, series.length));
              }}
            >
              <span className={styles.swatch} style={{ background: color }} />
              <SeriesLabel labels={labels} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        {shown.length < series.length && (
          <Button variant="default" size="xs" onClick={() => setWhole(true)}>
            Show all {formatCount(series.length)} series
          </Button>
        )}
        {series.length > 1 && <span>Click: show only this series. Ctrl or ⌘ and click: hide or show it.</span>}
      </div>
    </div>
  );
}
