// Queries outside of any dashboard, one pane or two side by side.
import { useEffect, useState } from 'react';

import { updateSearch, useAddress } from '../router/location';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';
import { atRange, emptyPane, panesSearch, readPanes, withPane, type Pane } from './address';
import { ExplorePane } from './ExplorePane';

function useTitle(): void {
  useEffect(() => {
    document.title = 'Explore - Narthex';
  }, []);
}

export function ExplorePage() {
  const { search } = useAddress();
  const { settings } = useSession();
  useTitle();
  const standard = settings.dataSources.find(({ isDefault }) => isDefault) ?? settings.dataSources[0];
  const named = readPanes(search);
  const panes = named.length > 0 ? named : [emptyPane('a', standard?.uid ?? '')];
  const set = (next: Pane[]): void => updateSearch({ ...panesSearch(next), left: undefined });
  // As in Grafana, of this visit: the address has the ranges, and not that they go together.
  const [isSynced, setIsSynced] = useState(false);
  const areTimesSynced = isSynced && panes.length > 1;
  return (
    <>
      <TopBar crumbs={[{ title: 'Home', href: '/' }, { title: 'Explore' }]} />
      <main className="explore">
        <h1 className="sr-only">Explore</h1>
        {panes.map((pane, index) => (
          <ExplorePane
            key={pane.key}
            pane={pane}
            isAlone={panes.length === 1}
            areTimesSynced={areTimesSynced}
            onChange={(next) => set(withPane(panes, index, next, areTimesSynced))}
            onSync={() => {
              if (!areTimesSynced) set(atRange(panes, pane.range));
              setIsSynced(!areTimesSynced);
            }}
            onSplit={() => set([...panes, { ...pane, key: pane.key === 'a' ? 'b' : 'a' }])}
            onClose={() => set(panes.filter((_, at) => at !== index))}
          />
        ))}
      </main>
    </>
  );
}
