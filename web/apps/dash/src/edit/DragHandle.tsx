// Moves a box of a list by dragging, by touch, and with the arrow keys. Lists of a panel are short and stand one under
// the other: the place follows from where the boxes are when they are let go.
import { Icon } from '@narthex/vizkit';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

import { dropPlace } from './moved';

interface DragHandleProps {
  label: string;
  place: number;
  onMove: (by: number) => void;
}

const LIST = '.queries';
const DRAGGED = 'is-dragged';
const AIMED = 'is-drop';

const boxesOf = (handle: HTMLElement): HTMLElement[] => [...(handle.closest(LIST)?.children ?? [])].filter((one) => one instanceof HTMLElement);

function middleOf(box: HTMLElement): number {
  const { top, bottom } = box.getBoundingClientRect();
  return (top + bottom) / 2;
}

export function DragHandle({ label, place, onMove }: DragHandleProps) {
  const isHeld = useRef(false);
  const aim = (event: PointerEvent<HTMLElement>): number => dropPlace(boxesOf(event.currentTarget).map(middleOf), place, event.clientY);
  // What is aimed at lasts as long as the drag: no list is drawn anew for it.
  const mark = (handle: HTMLElement, to: number | undefined): void =>
    boxesOf(handle).forEach((box, at) => {
      box.classList.toggle(DRAGGED, to !== undefined && at === place);
      box.classList.toggle(AIMED, at === to && to !== place);
    });
  const end = (event: PointerEvent<HTMLElement>): void => {
    isHeld.current = false;
    mark(event.currentTarget, undefined);
  };
  const press = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <button
      type="button"
      className="drag-handle"
      aria-label={label}
      title="Drag, or press the arrow keys"
      onKeyDown={press}
      onPointerDown={(event) => {
        isHeld.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => isHeld.current && mark(event.currentTarget, aim(event))}
      onPointerUp={(event) => {
        const to = aim(event);
        end(event);
        if (to !== place) onMove(to - place);
      }}
      onPointerCancel={end}
    >
      <Icon name="draggabledots" aria-hidden />
    </button>
  );
}
