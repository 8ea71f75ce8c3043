// A native histogram: its totals, and its buckets on request.
import type { HistogramBucket, HistogramValue } from '@narthex/promapi';

import styles from './histogram_view.module.css';

const OPENING = { 0: '(', 1: '[', 2: '(', 3: '[' } as const;
const CLOSING = { 0: ']', 1: ')', 2: ')', 3: ']' } as const;

const interval = ({ bounds, lower, upper }: HistogramBucket): string =>
  `${OPENING[bounds]}${lower}, ${upper}${CLOSING[bounds]}`;

export function HistogramView({ histogram }: { histogram: HistogramValue }) {
  return (
    <details className={styles.histogram}>
      <summary>
        count {histogram.count} · sum {histogram.sum}
      </summary>
      <table>
        <tbody>
          {histogram.buckets.map((bucket) => (
            <tr key={interval(bucket)}>
              <td>{interval(bucket)}</td>
              <td>{bucket.count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
