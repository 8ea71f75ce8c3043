// Queries to start from, written out for the metric at hand.
import { EMPTY_QUERY, textToBuilder } from '@narthex/promql-tree';
import { Combobox } from '@narthex/vizkit';
import { useState } from 'react';

import { patternsFor, patternText } from './patterns';
import { asOption, useMetrics } from './useCompletion';
import './builder.css';

interface KickStartProps {
  /** What stands there: its metric and filters are taken over. */
  expr: string;
  refId: string;
  sourceUid: string;
  onPick: (expr: string) => void;
}

export function KickStart({ expr, refId, sourceUid, onPick }: KickStartProps) {
  const metrics = useMetrics(sourceUid);
  const [chosen, setChosen] = useState('');
  const built = textToBuilder(expr).query;
  const query = chosen === '' ? (built ?? EMPTY_QUERY) : { ...EMPTY_QUERY, metric: chosen };
  const type = metrics.known?.find(({ name }) => name === query.metric)?.type ?? '';
  const isReady = query.metric !== '';
  return (
    <section className="kick-start" aria-label={`Patterns for query ${refId}`}>
      <Combobox aria-label="Metric of the patterns" placeholder="Choose a metric" options={metrics.offer} value={isReady ? asOption(query.metric) : null} createCustomValue onChange={({ value }) => setChosen(value)} />
      <ul>
        {patternsFor(query.metric, type).map((pattern) => {
          const text = patternText(pattern, isReady ? query : { ...EMPTY_QUERY, metric: 'metric' });
          return (
            <li key={pattern.name}>
              <button type="button" className="visualization" disabled={!isReady} aria-label={`Use ${pattern.name}`} onClick={() => onPick(text)}>
                <strong>{pattern.name}</strong>
                <small>{pattern.group}</small>
                <code>{text}</code>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
