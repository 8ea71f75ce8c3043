// The panels of the query page. The address is their only home, so that each state is a link and
// the browser's back button works; here they only get keys that stay when others are removed.
import { useCallback, useMemo, useState } from 'react';

import { DEFAULT_PANEL, formatPanels, parsePanels, type PanelState } from '../../lib/panel_state';
import { fitKeys, nextKey } from '../../lib/panel_keys';
import { navigate, pageUrl, useSearch } from '../../shell/router';

export interface KeyedPanel {
  key: number;
  state: PanelState;
}

export interface Panels {
  list: KeyedPanel[];
  // `how`: whether the back button leads to the state before.
  change: (key: number, changes: Partial<PanelState>, how: 'push' | 'replace') => void;
  add: () => void;
  duplicate: (key: number) => void;
  remove: (key: number) => void;
}

export function usePanels(): Panels {
  const search = useSearch();
  const [keys, setKeys] = useState<readonly number[]>([]);

  const list = useMemo(() => {
    const states = parsePanels(search);
    const fitted = fitKeys(keys, states.length);
    return states.map((state, index) => ({ key: fitted[index] ?? index, state }));
  }, [search, keys]);

  const write = useCallback((panels: readonly KeyedPanel[], how: 'push' | 'replace') => {
    setKeys(panels.map(({ key }) => key));
    navigate(pageUrl('query', formatPanels(panels.map(({ state }) => state))), how);
  }, []);

  return useMemo(() => {
    const freshKey = nextKey(list.map(({ key }) => key));
    return {
      list,
      change: (key, changes, how) => {
        const apply = (panel: KeyedPanel) =>
          panel.key === key ? { key, state: { ...panel.state, ...changes } } : panel;
        write(list.map(apply), how);
      },
      add: () => write([...list, { key: freshKey, state: DEFAULT_PANEL }], 'push'),
      duplicate: (key) => {
        const twice = (panel: KeyedPanel) =>
          panel.key === key ? [panel, { key: freshKey, state: panel.state }] : [panel];
        write(list.flatMap(twice), 'push');
      },
      remove: (key) => {
        const rest = list.filter((panel) => panel.key !== key);
        write(rest.length > 0 ? rest : [{ key: freshKey, state: DEFAULT_PANEL }], 'push');
      },
    };
  }, [list, write]);
}
