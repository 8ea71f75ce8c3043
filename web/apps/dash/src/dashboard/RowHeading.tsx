// The heading of a row: folds it, and under edit changes it.
import { findPanelJson, removeRow, replacePanel, rowPanelCount, type Panel } from '@narthex/dashmodel';
import { Icon, IconButton } from '@narthex/vizkit';
import { lazy, Suspense, useState } from 'react';

import { Draft } from '../edit/Draft';
import { useEditing } from '../edit/EditContext';
import type { RowDialog } from '../edit/RowDialogs';
import { isCopy } from './rows';
import { useWriter } from './useWriter';

const RowDialogs = lazy(() => import('../edit/RowDialogs').then((module) => ({ default: module.RowDialogs })));

function RowTools({ row }: { row: Panel }) {
  const { json, change } = useEditing();
  const [open, setOpen] = useState<RowDialog>();
  const remove = (): void => (rowPanelCount(json, row.id) > 0 ? setOpen('remove') : change(removeRow(json, row.id, 'kept')));
  return (
    <>
      <Draft id={`row-${row.key}`} label="Title of the row" value={row.title} onCommit={(text) => change(replacePanel(json, row.id, { ...findPanelJson(json, row.id), title: text }))} />
      <IconButton name="cog" tooltip="Row options" onClick={() => setOpen('options')} />
      <IconButton name="trash-alt" tooltip="Delete row" onClick={remove} />
      {open && (
        <Suspense fallback={null}>
          <RowDialogs open={open} rowId={row.id} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface RowHeadingProps {
  row: Panel;
  count: number;
  isCollapsed: boolean;
  onToggle: () => void;
}

export function RowHeading({ row, count, isCollapsed, onToggle }: RowHeadingProps) {
  const { isEditing } = useEditing();
  const title = useWriter(row.bound).title(row.title);
  // A copy has the title of the row it is made from.
  const hasTools = isEditing && !isCopy(row);
  return (
    <h2 className={`row-heading ${hasTools ? 'is-editing' : ''}`}>
      <button type="button" aria-expanded={!isCollapsed} onClick={onToggle} data-testid={`data-testid dashboard-row-title-${title}`}>
        <Icon name={isCollapsed ? 'angle-right' : 'angle-down'} />
        <span className={hasTools ? 'sr-only' : undefined}>{title}</span>
        {isCollapsed && <small>{count === 1 ? '1 panel' : `${count} panels`}</small>}
      </button>
      {hasTools && <RowTools row={row} />}
    </h2>
  );
}
