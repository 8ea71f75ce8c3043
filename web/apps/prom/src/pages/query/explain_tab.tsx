// What a panel's expression does, step by step from the inside out, and what each step gives.
import { query, type QueryResult } from '@narthex/promapi';
import { explainSteps, parsePromql, type Step } from '@narthex/promql-tree';

import { api } from '../../api_client';
import { EmptyNote, ErrorNote, LoadingRows } from '../../components/states';
import { formatCount } from '../../lib/number_text';
import type { TabProps } from './query_panel';
import { ResultTable } from './result_table';
import { useRun } from './use_run';
import styles from './explain_tab.module.css';

const SERIES_SHOWN_MAX = 5;

interface Outcome {
  step: Step;
  // The first series, and how many there are in all.
  result: QueryResult | undefined;
  seriesCount: number;
  fault: string;
}

const countOf = (result: QueryResult): number => ('series' in result ? result.series.length : 1);

// Asks for a few series and for their number apart: a selector may hold more than a page could take.
async function askStep(step: Step, time: number | undefined, signal: AbortSignal): Promise<Outcome> {
  const at = { signal, ...(time !== undefined && { time }) };
  try {
    const { result } = (await query(api, { query: step.ask, limit: SERIES_SHOWN_MAX, ...at })).data;
    if (result.type !== 'vector' || countOf(result) < SERIES_SHOWN_MAX) return { step, result, seriesCount: countOf(result), fault: '' };
    const counted = (await query(api, { query: `count(${step.ask})`, ...at })).data.result;
    const text = counted.type === 'vector' ? counted.series[0]?.sample?.[1] : undefined;
    return { step, result, seriesCount: Number(text ?? countOf(result)), fault: '' };
  } catch (error) {
    if (signal.aborted) throw error;
    return { step, result: undefined, seriesCount: 0, fault: error instanceof Error ? error.message : String(error) };
  }
}

async function askSteps(steps: readonly Step[], time: number | undefined, signal: AbortSignal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  // One after the other: an expression of many steps is no burst of queries.
  for (const step of steps) outcomes.push(await askStep(step, time, signal));
  return outcomes;
}

function Outline({ step, result, seriesCount, fault }: Outcome) {
  const isScalar = result !== undefined && result.type !== 'vector';
  return (
    <li>
      <code className={styles.code}>{step.text}</code>
      <p className={styles.sentence}>
        {step.sentence} {fault === '' && !isScalar && <strong>{formatCount(seriesCount)} series.</strong>}
        {step.isWindow && ' The values below count the samples of each.'}
      </p>
      {fault !== '' && <p role="alert">{fault}</p>}
      {result !== undefined && seriesCount > 0 && <ResultTable result={result} />}
      {result !== undefined && seriesCount > countOf(result) && <p className={styles.sentence}>and {formatCount(seriesCount - countOf(result))} more</p>}
    </li>
  );
}

export default function ExplainTab({ state, run, onFetching }: TabProps) {
  const { expr, evaluationTime: time } = state;
  const parsed = parsePromql(expr);
  const { result, error, isOutdated } = useRun(
    ['explain', expr, time, run],
    (signal) => (parsed.expr ? askSteps(explainSteps(parsed.expr), time, signal) : Promise.resolve([])),
    onFetching,
  );
  if (!parsed.expr) return <EmptyNote title="This expression is not understood">{parsed.fault}</EmptyNote>;
  if (error !== null) return <ErrorNote error={error} title="The steps could not be asked" />;
  if (result === undefined) return <LoadingRows rows={5} />;
  return (
    <ol className={styles.steps} aria-label="Steps of the query" data-outdated={isOutdated || undefined}>
      {result.map((outcome, index) => (
        <Outline key={index} {...outcome} />
      ))}
    </ol>
  );
}
