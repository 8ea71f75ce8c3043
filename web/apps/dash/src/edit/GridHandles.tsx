// The handles of a panel under edit: by mouse, by touch, and with the arrow keys.
import type { GridPos } from '@narthex/dashmodel';
import { Icon } from '@narthex/vizkit';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';

interface HandleProps {
  label: string;
  className: string;
  gridPos: GridPos;
  /** Pixels of one column and one row, gaps included. */
  cell: { width: number; height: number };
  /** Where a drag by so many columns and rows leads. */
  after: (gridPos: GridPos, columns: number, rows: number) => GridPos;
  onPreview: (to: GridPos | undefined) => void;
  onDone: (to: GridPos) => void;
}

const ARROWS: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function Handle({ label, className, gridPos, cell, after, onPreview, onDone }: HandleProps) {
  const start = useRef<{ x: number; y: number }>(undefined);
  const target = (event: PointerEvent): GridPos => {
    const { x, y } = start.current ?? { x: event.clientX, y: event.clientY };
    return after(gridPos, Math.round((event.clientX - x) / cell.width), Math.round((event.clientY - y) / cell.height));
  };
  const press = (event: KeyboardEvent): void => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    onDone(after(gridPos, ...step));
  };
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      onKeyDown={press}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => start.current && onPreview(target(event))}
      onPointerUp={(event) => {
        const to = target(event);
        start.current = undefined;
        onPreview(undefined);
        onDone(to);
      }}
      onPointerCancel={() => {
        start.current = undefined;
        onPreview(undefined);
      }}
    >
      <Icon name={className === 'grid-move' ? 'draggabledots' : 'arrow-random'} />
    </button>
  );
}

interface GridHandlesProps {
  title: string;
  gridPos: GridPos;
  cell: { width: number; height: number };
  onPreview: (to: GridPos | undefined) => void;
  onPlace: (to: GridPos) => void;
}

const sameBox = (a: GridPos, b: GridPos): boolean => a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;

export function GridHandles({ title, gridPos, cell, onPreview, onPlace }: GridHandlesProps) {
  const place = (to: GridPos): void => {
    if (!sameBox(to, gridPos)) onPlace(to);
  };
  const shared = { gridPos, cell, onPreview, onDone: place };
  return (
    <>
      <Handle {...shared} label={`Move ${title}`} className="grid-move" after={(box, columns, rows) => ({ ...box, x: Math.max(0, Math.min(24 - box.w, box.x + columns)), y: Math.max(0, box.y + rows) })} />
      <Handle {...shared} label={`Resize ${title}`} className="grid-resize" after={(box, columns, rows) => ({ ...box, w: Math.max(2, Math.min(24 - box.x, box.w + columns)), h: Math.max(2, box.h + rows) })} />
    </>
  );
}

export function usePreview(): [GridPos | undefined, (to: GridPos | undefined) => void] {
  return useState<GridPos>();
}
