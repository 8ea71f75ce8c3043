// What a query does, step by step from the inside out, and what each step gives at the end of the range.
import type { AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import type { DataSourceSettings } from '@narthex/grafanaapi';
import type { Step } from '@narthex/promql-tree';
import { SCRAPE_INTERVAL_MS_DEFAULT, withIntervals, type StepResult, type StepRow } from '@narthex/runner';
import { calculateInterval, parseDurationMs } from '@narthex/timeutil';
import { useState } from 'react';

import { useScope } from '../../dashboard/scope';
import { useWriter } from '../../dashboard/useWriter';
import { useSteps } from './useSteps';
import './explain.css';

// As wide as a graph usually is: the step of the names that stand for one follows from it.
const POINTS = 1000;
const NOT_BOUND = {};

function seriesText({ __name__: name = '', ...labels }: StepRow['labels']): string {
  const inner = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return inner.length > 0 || name === '' ? `${name}{${inner.join(', ')}}` : name;
}

function countText({ count, isScalar }: StepResult): string {
  if (isScalar) return 'a number';
  return count === 1 ? '1 series' : `${count} series`;
}

function Result({ result, step }: { result: StepResult | string | undefined; step: Step }) {
  if (result === undefined) return <small role="status">Asking…</small>;
  if (typeof result === 'string') return <small role="alert">{result}</small>;
  const { rows, count, isScalar } = result;
  if (rows.length === 0) return <small>No series.</small>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{countText(result)}</th>
          <th scope="col">{step.isWindow ? 'Samples' : 'Value'}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ labels, value }) => (
          <tr key={seriesText(labels)}>
            <td>{isScalar ? 'scalar' : seriesText(labels)}</td>
            <td>{value}</td>
          </tr>
        ))}
        {count > rows.length && (
          <tr>
            <td colSpan={2}>and {count - rows.length} more</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface ExplanationProps {
  target: AnyRecord;
  expr: string;
  source: DataSourceSettings | undefined;
}

/** The expression with everything in it written out, as the server would be asked. */
function useWritten({ target, expr, source }: ExplanationProps): string {
  const { window, narrow } = useScope();
  const write = useWriter(NOT_BOUND);
  const least = parseDurationMs(write.text(text(target['interval']))) ?? parseDurationMs(text(source?.jsonData['timeInterval'])) ?? SCRAPE_INTERVAL_MS_DEFAULT;
  const interval = calculateInterval(window.toMs - window.fromMs, POINTS, least);
  let written = write.query(expr);
  try {
    written = narrow(written, source?.uid ?? '');
  } catch {
    // What cannot be read cannot be explained either: that is told below.
  }
  return withIntervals(written, interval.ms, least, window);
}

export function Explanation(props: ExplanationProps) {
  const { window } = useScope();
  const written = useWritten(props);
  // A refresh every few seconds would ask every step again: it stays at the instant it was opened for.
  const [at, setAt] = useState({ written, ms: window.toMs });
  if (at.written !== written) setAt({ written, ms: window.toMs });
  const { steps, fault, results } = useSteps(written, props.source?.uid ?? '', at.ms);
  if (fault !== '') return <p className="builder-fault">{fault}</p>;
  return (
    <ol className="explanation" aria-label="Steps of the query">
      {steps.map((step, index) => (
        <li key={index}>
          <code>{step.text}</code>
          <p>{step.sentence}</p>
          <Result result={results.get(index)} step={step} />
        </li>
      ))}
    </ol>
  );
}
