// One expression with its results as a table or as a graph.
import { ActionIcon, Menu, SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';

import { IconCopy, IconDots, IconGraph, IconInfo, IconTable, IconTrash } from '../../components/icons';
import { EmptyNote, LoadingRows } from '../../components/states';
import type { PanelState, Tab } from '../../lib/panel_state';
import { ExpressionInput } from './expression_input';
import { HistoryMenu } from './history_menu';
import { MetricsExplorer } from './metrics_explorer';
import { TableTab } from './table_tab';
import styles from './query_panel.module.css';

const GraphTab = lazy(() => import('./graph_tab'));
const ExplainTab = lazy(() => import('./explain_tab'));

export interface TabProps {
  state: PanelState;
  // Goes up with each execution, so that the same expression can be asked again.
  run: number;
  onChange: (changes: Partial<PanelState>) => void;
  onFetching: (isFetching: boolean) => void;
}

interface QueryPanelProps {
  title: string;
  state: PanelState;
  history: readonly string[];
  onChange: (changes: Partial<PanelState>, how: 'push' | 'replace') => void;
  onExecuted: (expr: string) => void;
  onDuplicate: () => void;
  // Absent where there is nothing to remove.
  onRemove: (() => void) | undefined;
}

const TABS: { value: Tab; title: string; Icon: typeof IconTable }[] = [
  { value: 'table', title: 'Table', Icon: IconTable },
  { value: 'graph', title: 'Graph', Icon: IconGraph },
  { value: 'explain', title: 'Explain', Icon: IconInfo },
];

function PanelMenu({ title, onDuplicate, onRemove }: Pick<QueryPanelProps, 'title' | 'onDuplicate' | 'onRemove'>) {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={`More for ${title}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy />} onClick={onDuplicate}>
          Duplicate
        </Menu.Item>
        {onRemove !== undefined && (
          <Menu.Item leftSection={<IconTrash />} color="red" onClick={onRemove}>
            Remove
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

export function QueryPanel(props: QueryPanelProps) {
  const { title, state, history, onChange, onExecuted } = props;
  const [draft, setDraft] = useState(state.expr);
  const [run, setRun] = useState(0);
  const [isFetching, setFetching] = useState(false);
  const [isExploring, setExploring] = useState(false);

  // The back button brings another expression: the field follows.
  const [known, setKnown] = useState(state.expr);
  if (known !== state.expr) {
    setKnown(state.expr);
    setDraft(state.expr);
  }

  const execute = (text: string) => {
    const expr = text.trim();
    if (expr !== '') onExecuted(expr);
    setRun(run + 1);
    if (expr !== state.expr) onChange({ expr }, 'push');
  };
  const tabProps: TabProps = {
    state,
    run,
    onChange: (changes) => onChange(changes, 'replace'),
    onFetching: setFetching,
  };

  return (
    <section className={styles.panel} aria-label={title} data-testid="query-panel">
      <div className={styles.input}>
        <ExpressionInput
          label={`Expression of ${title}`}
          text={draft}
          history={history}
          isFetching={isFetching}
          onChange={setDraft}
          onExecute={execute}
        />
      </div>
      <div className={styles.bar}>
        <SegmentedControl
          size="sm"
          aria-label="View"
          value={state.tab}
          onChange={(value) => onChange({ tab: TABS.find((tab) => tab.value === value)?.value ?? 'table' }, 'push')}
          data={TABS.map(({ value, title: text, Icon }) => ({
            value,
            label: (
              <span className={styles.tab}>
                <Icon /> {text}
              </span>
            ),
          }))}
        />
        <div className={styles.tools}>
          <HistoryMenu history={history} onPick={setDraft} />
          <ActionIcon.Group>
            <MetricsExplorer
              isOpen={isExploring}
              onOpen={() => setExploring(true)}
              onClose={() => setExploring(false)}
              onPick={(metric) => setDraft(draft.trim() === '' ? metric : `${draft} ${metric}`)}
            />
          </ActionIcon.Group>
          <PanelMenu {...props} />
        </div>
      </div>
      {state.expr === '' ? (
        <EmptyNote title="No query yet">
          Type an expression and press Enter, for example <code>up</code>.
        </EmptyNote>
      ) : (
        <Suspense fallback={<LoadingRows rows={5} />}>
          {state.tab === 'table' && <TableTab {...tabProps} />}
          {state.tab === 'graph' && <GraphTab {...tabProps} />}
          {state.tab === 'explain' && <ExplainTab {...tabProps} />}
        </Suspense>
      )}
    </section>
  );
}
