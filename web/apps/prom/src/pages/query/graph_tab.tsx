// The result of a panel's expression over a range of time.
import { queryRange } from '@narthex/promapi';
import { useMemo, useState } from 'react';

import { api } from '../../api_client';
import type { ChartModel } from '../../charts/chart_model';
import { LineChart } from '../../charts/line_chart';
import { seriesColor } from '../../charts/palette';
import { AnswerNotes, EmptyNote, ErrorNote, LoadingRows, Note } from '../../components/states';
import { formatDuration } from '../../lib/duration';
import { toColumns, type Grid } from '../../lib/graph_data';
import { countOf } from '../../lib/number_text';
import type { PanelState } from '../../lib/panel_state';
import { chooseStep, isStepTooSmall } from '../../lib/step';
import { useSettings } from '../../shell/settings';
import { GraphControls } from './graph_controls';
import { Legend } from './legend';
import type { TabProps } from './query_panel';
import { RunStats } from './run_stats';
import { useRun } from './use_run';
import styles from './tab.module.css';

// The range as it is at this moment. "Now" is a whole second, which reads better in a tooltip, unless
// the steps are finer than that.
function gridOf({ rangeSeconds, endTime, resolution }: PanelState): Grid {
  const stepSeconds = chooseStep(rangeSeconds, resolution);
  const now = stepSeconds < 1 ? Date.now() / 1000 : Math.floor(Date.now() / 1000);
  const end = endTime ?? now;
  // The API takes milliseconds.
  const start = Math.round((end - rangeSeconds) * 1000) / 1000;
  return { start, end, stepSeconds };
}

async function askRange(state: PanelState, signal: AbortSignal) {
  const grid = gridOf(state);
  const answer = await queryRange(api, { query: state.expr, ...grid, signal });
  return { ...answer, grid };
}

type RangeAnswer = Awaited<ReturnType<typeof askRange>>;

interface GraphProps {
  answer: RangeAnswer;
  state: PanelState;
  onZoom: (start: number, end: number) => void;
}

function Graph({ answer, state, onZoom }: GraphProps) {
  const { timeZone } = useSettings();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [focused, setFocused] = useState<number>();
  const { isStacked, isFromZero } = state;
  const { series } = answer.data;

  const columns = useMemo(() => toColumns(series, answer.grid), [series, answer.grid]);
  const chartSeries = useMemo(
    () => series.map(({ labels }, index) => ({ labels, color: seriesColor(index) })),
    [series],
  );
  const model = useMemo<ChartModel>(
    () => ({ columns, series: chartSeries, hidden, isStacked, isFromZero, timeZone }),
    [columns, chartSeries, hidden, isStacked, isFromZero, timeZone],
  );

  if (series.length === 0) {
    return <EmptyNote title="Empty result">No series matches this expression in this range.</EmptyNote>;
  }
  const hasHistograms = series.some(({ histograms }) => histograms.length > 0);
  return (
    <>
      {hasHistograms && (
        <Note tone="info">
          Native histograms have no line to draw. Ask for a quantile or an average of them, or see the table.
        </Note>
      )}
      <LineChart
        model={model}
        focused={focused}
        label={`Graph of ${state.expr}: ${countOf(series.length, 'series', 'series')}`}
        onZoom={onZoom}
      />
      <Legend series={chartSeries} hidden={hidden} onHidden={setHidden} onFocus={setFocused} />
    </>
  );
}

export default function GraphTab({ state, run, onChange, onFetching }: TabProps) {
  const { expr, rangeSeconds, endTime, resolution } = state;
  const { result, error, isOutdated, loadSeconds } = useRun(
    ['query_range', expr, rangeSeconds, endTime, resolution, run],
    (signal) => askRange(state, signal),
    onFetching,
  );
  const isTooFine = isStepTooSmall(rangeSeconds, chooseStep(rangeSeconds, resolution));

  const zoom = (start: number, end: number) =>
    onChange({
      rangeSeconds: Math.max(1, Math.round(end - start)),
      endTime: Math.round(end),
    });

  return (
    <div className={styles.tab}>
      <div className={styles.controls}>
        <GraphControls state={state} onChange={onChange} />
        <div className={styles.spacer} />
        {error === null && result !== undefined && (
          <RunStats
            loadSeconds={loadSeconds}
            seriesCount={result.data.series.length}
            stats={result.data.stats}
            stepText={formatDuration(result.grid.stepSeconds)}
          />
        )}
      </div>
      {error !== null && (
        <ErrorNote error={error} title={isTooFine ? 'Too many steps: take a larger one' : 'The query failed'} />
      )}
      {error === null && result === undefined && <LoadingRows rows={8} />}
      {error === null && result !== undefined && (
        <div className={styles.body} data-outdated={isOutdated || undefined}>
          <AnswerNotes warnings={result.warnings} infos={result.infos} />
          {/* Another expression has other series: what was hidden is no longer meant. */}
          <Graph key={expr} answer={result} state={state} onZoom={zoom} />
        </div>
      )}
    </div>
  );
}
