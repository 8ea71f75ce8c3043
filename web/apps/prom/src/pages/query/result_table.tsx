// A query result as rows: labels to the left, the value to the right.
import { Button } from '@mantine/core';
import type { InstantSeries, QueryResult, RangeSeries } from '@narthex/promapi';
import { useState, type ReactNode } from 'react';

import { SeriesLabel } from '../../components/series_label';
import { EmptyNote } from '../../components/states';
import { formatCount } from '../../lib/number_text';
import { formatSeries } from '../../lib/series_name';
import { formatInstant } from '../../lib/time_text';
import { useSettings } from '../../shell/settings';
import { HistogramView } from './histogram_view';
import styles from './result_table.module.css';

// Rows drawn before someone asks for all: thousands of them make typing slow.
const ROWS_AT_FIRST = 500;

interface Row {
  key: string;
  label: ReactNode;
  value: ReactNode;
}

function instantRow({ labels, sample, histogram }: InstantSeries): Row {
  const value = histogram === undefined ? sample?.[1] : <HistogramView histogram={histogram[1]} />;
  return { key: formatSeries(labels), label: <SeriesLabel labels={labels} />, value };
}

function rangeRow({ labels, samples, histograms }: RangeSeries, instant: (seconds: number) => string): Row {
  const value = (
    <div className={styles.samples}>
      {samples.map(([time, text]) => (
        <div key={time} title={instant(time)}>
          {text} <span className={styles.at}>@{time}</span>
        </div>
      ))}
      {histograms.map(([time, histogram]) => (
        <div key={time} title={instant(time)}>
          <HistogramView histogram={histogram} /> <span className={styles.at}>@{time}</span>
        </div>
      ))}
    </div>
  );
  return { key: formatSeries(labels), label: <SeriesLabel labels={labels} />, value };
}

function rowsOf(result: QueryResult, instant: (seconds: number) => string): Row[] {
  switch (result.type) {
    case 'vector':
      return result.series.map(instantRow);
    case 'matrix':
      return result.series.map((series) => rangeRow(series, instant));
    default:
      return [{ key: result.type, label: <em>{result.type}</em>, value: result.sample[1] }];
  }
}

export function ResultTable({ result }: { result: QueryResult }) {
  const { timeZone } = useSettings();
  const [isWhole, setWhole] = useState(false);
  const rows = rowsOf(result, (seconds) => formatInstant(seconds, timeZone));

  if (rows.length === 0) {
    return <EmptyNote title="Empty result">No series matches this expression at this time.</EmptyNote>;
  }
  const shown = isWhole ? rows : rows.slice(0, ROWS_AT_FIRST);
  return (
    <div className={styles.frame}>
      <table className={styles.table} data-testid="result-table">
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col" className={styles.value}>
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ key, label, value }, index) => (
            // Some functions give several series the same labels.
            <tr key={`${index} ${key}`}>
              <td className={styles.label}>{label}</td>
              <td className={styles.value}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <div className={styles.more}>
          {formatCount(shown.length)} of {formatCount(rows.length)} series.{' '}
          <Button variant="default" size="xs" onClick={() => setWhole(true)}>
            Show all
          </Button>
        </div>
      )}
    </div>
  );
}
