// What every query of a panel has: its name, its place among the others, and to hide, copy and remove it.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, text } from '@narthex/dashmodel/json';
import { Button, IconButton, Input } from '@narthex/vizkit';
import { useState } from 'react';

import { DragHandle } from './DragHandle';
import { refIdFault } from './refids';

export interface QueryToolsProps {
  target: AnyRecord;
  /** The names of all queries of the panel. */
  refIds: readonly string[];
  onChange: (target: AnyRecord) => void;
  onRename: (refId: string) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
  onDuplicate: () => void;
}

function Name({ refId, refIds, onRename }: { refId: string; refIds: readonly string[]; onRename: (refId: string) => void }) {
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <Button size="sm" variant="secondary" fill="text" className="query-name" aria-label={`Rename query ${refId}`} tooltip="Rename" onClick={() => setDraft(refId)}>
        {refId}
      </Button>
    );
  }
  const fault = refIdFault(draft, refId, refIds);
  const commit = (): void => {
    setDraft(undefined);
    if (fault === '' && draft !== refId) onRename(draft.trim());
  };
  return (
    <span className="query-name">
      <Input
        aria-label="Name of the query"
        ref={(input) => input?.focus()}
        invalid={fault !== ''}
        value={draft}
        width={16}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setDraft(undefined);
        }}
      />
      {fault !== '' && <small role="alert">{fault}</small>}
    </span>
  );
}

export function QueryTools({ target, refIds, onChange, onRename, onMove, onRemove, onDuplicate }: QueryToolsProps) {
  const isHidden = flag(target['hide']);
  const refId = text(target['refId']);
  const place = refIds.indexOf(refId);
  return (
    <>
      {refIds.length > 1 && <DragHandle label={`Drag query ${refId}`} place={place} onMove={onMove} />}
      <Name refId={refId} refIds={refIds} onRename={onRename} />
      <IconButton name="arrow-up" tooltip={`Move query ${refId} up`} disabled={place <= 0} onClick={() => onMove(-1)} />
      <IconButton name="arrow-down" tooltip={`Move query ${refId} down`} disabled={place === refIds.length - 1} onClick={() => onMove(1)} />
      <IconButton name={isHidden ? 'eye-slash' : 'eye'} tooltip={isHidden ? 'Show' : 'Hide'} onClick={() => onChange({ ...target, hide: !isHidden })} />
      <IconButton name="copy" tooltip="Duplicate query" onClick={onDuplicate} />
      <IconButton name="trash-alt" tooltip="Remove query" onClick={onRemove} />
    </>
  );
}
