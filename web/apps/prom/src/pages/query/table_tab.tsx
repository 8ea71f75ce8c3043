// The result of a panel's expression at one instant.
import { query } from '@narthex/promapi';

import { api } from '../../api_client';
import { InstantInput } from '../../components/instant_input';
import { AnswerNotes, ErrorNote, LoadingRows } from '../../components/states';
import type { TabProps } from './query_panel';
import { ResultTable } from './result_table';
import { RunStats } from './run_stats';
import { useRun } from './use_run';
import styles from './tab.module.css';

// How far the buttons beside the evaluation time shift it.
const SHIFT_SECONDS = 600;

export function TableTab({ state, run, onChange, onFetching }: TabProps) {
  const { expr, evaluationTime: time } = state;
  const { result, error, isOutdated, loadSeconds } = useRun(
    ['query', expr, time, run],
    (signal) => query(api, { query: expr, signal, ...(time !== undefined && { time }) }),
    onFetching,
  );
  const data = result?.data;
  return (
    <div className={styles.tab}>
      <div className={styles.controls}>
        <InstantInput
          label="Evaluation time"
          placeholder="Now"
          value={time}
          shiftSeconds={SHIFT_SECONDS}
          onChange={(evaluationTime) => onChange({ evaluationTime })}
        />
        <div className={styles.spacer} />
        {error === null && data !== undefined && (
          <RunStats
            loadSeconds={loadSeconds}
            seriesCount={'series' in data.result ? data.result.series.length : 1}
            stats={data.stats}
          />
        )}
      </div>
      {error !== null && <ErrorNote error={error} title="The query failed" />}
      {error === null && data === undefined && <LoadingRows rows={5} />}
      {error === null && result !== undefined && data !== undefined && (
        <div className={styles.body} data-outdated={isOutdated || undefined}>
          <AnswerNotes warnings={result.warnings} infos={result.infos} />
          <ResultTable result={data.result} />
        </div>
      )}
    </div>
  );
}
