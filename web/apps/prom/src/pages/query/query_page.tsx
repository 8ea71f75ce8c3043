// Expressions and what they yield, one panel each.
import { Button } from '@mantine/core';
import { useCallback, useState } from 'react';

import { IconPlus } from '../../components/icons';
import { pushHistory, readHistory, writeHistory } from '../../lib/query_history';
import { ClockSkewNote } from './clock_skew_note';
import { QueryPanel } from './query_panel';
import { usePanels } from './use_panels';
import styles from './query_page.module.css';

export function QueryPage() {
  const panels = usePanels();
  const [history, setHistory] = useState(() => readHistory(localStorage));

  const remember = useCallback((expr: string) => {
    setHistory((before) => {
      const after = pushHistory(before, expr);
      writeHistory(localStorage, after);
      return after;
    });
  }, []);

  return (
    <div className={styles.page}>
      <ClockSkewNote />
      {panels.list.map(({ key, state }, index) => (
        <QueryPanel
          key={key}
          title={`Query ${index + 1}`}
          state={state}
          history={history}
          onChange={(changes, how) => panels.change(key, changes, how)}
          onExecuted={remember}
          onDuplicate={() => panels.duplicate(key)}
          onRemove={panels.list.length > 1 || state.expr !== '' ? () => panels.remove(key) : undefined}
        />
      ))}
      <div>
        <Button variant="default" leftSection={<IconPlus />} onClick={panels.add}>
          Add query
        </Button>
      </div>
    </div>
  );
}
