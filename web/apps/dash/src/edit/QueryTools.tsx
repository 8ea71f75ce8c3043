// What every query of a panel has: its name, its place, and to hide, copy and remove it.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, text } from '@narthex/dashmodel/json';
import { IconButton } from '@narthex/vizkit';

export interface QueryToolsProps {
  target: AnyRecord;
  onChange: (target: AnyRecord) => void;
  onRemove: () => void;
  onDuplicate: () => void;
  /** One place up or down; undefined where there is none. */
  onUp?: (() => void) | undefined;
  onDown?: (() => void) | undefined;
}

export function QueryTools({ target, onChange, onRemove, onDuplicate, onUp, onDown }: QueryToolsProps) {
  const isHidden = flag(target['hide']);
  return (
    <>
      <strong>{text(target['refId'])}</strong>
      <IconButton name={isHidden ? 'eye-slash' : 'eye'} tooltip={isHidden ? 'Show' : 'Hide'} onClick={() => onChange({ ...target, hide: !isHidden })} />
      <IconButton name="copy" tooltip="Duplicate query" onClick={onDuplicate} />
      <IconButton name="trash-alt" tooltip="Remove query" onClick={onRemove} />
      {(onUp ?? onDown) && (
        <>
          <IconButton name="arrow-up" tooltip="Query up" disabled={!onUp} onClick={() => onUp?.()} />
          <IconButton name="arrow-down" tooltip="Query down" disabled={!onDown} onClick={() => onDown?.()} />
        </>
      )}
    </>
  );
}
