// The box beside the cursor of panels drawn as SVG.
import { Portal, VizTooltipContent, VizTooltipHeader, VizTooltipWrapper, type TooltipRow } from '@narthex/vizkit';
import type { PointerEvent } from 'react';

export interface Hover<T> {
  clientX: number;
  clientY: number;
  item: T;
}

export const hoverAt = <T,>(event: PointerEvent, item: T): Hover<T> => ({ clientX: event.clientX, clientY: event.clientY, item });

const OFFSET_PX = 14;

export function HoverBox({ at, title, rows }: { at: { clientX: number; clientY: number }; title: string; rows: TooltipRow[] }) {
  const isRight = at.clientX > window.innerWidth / 2;
  const isLow = at.clientY > window.innerHeight / 2;
  const style = {
    position: 'fixed' as const,
    pointerEvents: 'none' as const,
    zIndex: 1060,
    ...(isRight ? { right: window.innerWidth - at.clientX + OFFSET_PX } : { left: at.clientX + OFFSET_PX }),
    ...(isLow ? { bottom: window.innerHeight - at.clientY + OFFSET_PX } : { top: at.clientY + OFFSET_PX }),
    background: 'var(--background-elevated)',
    border: '1px solid var(--border-weak)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
  };
  return (
    <Portal>
      <div style={style} role="tooltip">
        <VizTooltipWrapper>
          {title !== '' && <VizTooltipHeader item={{ label: title, value: '' }} />}
          <VizTooltipContent items={rows} />
        </VizTooltipWrapper>
      </div>
    </Portal>
  );
}
