// What was asked before: searched, starred, asked again.
import { Button, FilterInput, IconButton, RadioButtonGroup } from '@narthex/vizkit';
import { useState } from 'react';

import { forget, historyList, readHistory, readStars, turnStar } from './query_history';

const WHICH: Array<{ value: 'all' | 'starred'; label: string }> = [
  { value: 'all', label: 'All' },
  { value: 'starred', label: 'Starred' },
];

export function QueryHistory({ onPick }: { onPick: (expr: string) => void }) {
  const [wanted, setWanted] = useState('');
  const [which, setWhich] = useState<'all' | 'starred'>('all');
  const [, setTurns] = useState(0);
  const stars = readStars();
  const shown = historyList(readHistory(), stars, wanted, which === 'starred');
  const change = (what: () => void): void => {
    what();
    setTurns((before) => before + 1);
  };
  return (
    <section aria-label="Query history" className="metrics-browser">
      <div className="metrics-search">
        <FilterInput placeholder="Search the history" aria-label="Search the history" value={wanted} onChange={setWanted} />
        <RadioButtonGroup aria-label="Which queries" options={WHICH} value={which} onChange={setWhich} />
      </div>
      {shown.length === 0 && <p>{which === 'starred' ? 'No query is starred.' : 'Nothing was asked yet.'}</p>}
      <ul>
        {shown.map((expr) => {
          const isStarred = stars.includes(expr);
          return (
            <li key={expr}>
              <IconButton name={isStarred ? 'favorite' : 'star'} iconType={isStarred ? 'mono' : 'default'} tooltip={isStarred ? `Unstar ${expr}` : `Star ${expr}`} onClick={() => change(() => turnStar(expr))} />
              <Button size="sm" variant="secondary" fill="text" onClick={() => onPick(expr)}>
                {expr}
              </Button>
              <IconButton name="trash-alt" tooltip={`Forget ${expr}`} onClick={() => change(() => forget(expr))} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
