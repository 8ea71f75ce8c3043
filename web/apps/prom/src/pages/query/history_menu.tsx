// The expressions run before, to take up again.
import { ActionIcon, Menu, Tooltip } from '@mantine/core';

import { IconHistory } from '../../components/icons';
import styles from './history_menu.module.css';

const SHOWN_MAX = 12;

interface HistoryMenuProps {
  history: readonly string[];
  onPick: (expr: string) => void;
}

export function HistoryMenu({ history, onPick }: HistoryMenuProps) {
  return (
    <Menu position="bottom-end" width="min(560px, 92vw)">
      <Menu.Target>
        <Tooltip label="Query history">
          <ActionIcon variant="subtle" color="gray" size={34} aria-label="Query history">
            <IconHistory size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{history.length === 0 ? 'Queries that you run will be listed here' : 'Queries run before'}</Menu.Label>
        {history.slice(0, SHOWN_MAX).map((expr) => (
          <Menu.Item key={expr} onClick={() => onPick(expr)}>
            <span className={styles.expr}>{expr}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
