// Starts of queries to choose from, shown over the metric at hand.
import { Button } from '@narthex/vizkit';
import { useMemo } from 'react';

import { metricIn, patternsFor, type Pattern } from './patterns';

const GROUPS: ReadonlyArray<Pattern['group']> = ['Rates', 'Histograms', 'Gauges', 'Two queries'];

export function KickStart({ expr, refId, onPick }: { expr: string; refId: string; onPick: (expr: string) => void }) {
  const patterns = useMemo(() => patternsFor(metricIn(expr)), [expr]);
  return (
    <section className="kick-start" aria-label={`Starts for query ${refId}`}>
      {GROUPS.map((group) => (
        <div key={group}>
          <h4>{group}</h4>
          <ul>
            {patterns
              .filter((one) => one.group === group)
              .map((one) => (
                <li key={one.name}>
                  <Button size="sm" variant="secondary" fill="text" onClick={() => onPick(one.expr)}>
                    {one.name}
                  </Button>
                  <code>{one.expr}</code>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
