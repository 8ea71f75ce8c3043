// The panels on their grid, section by section. What is far from the window neither asks nor draws.
import { columnsOf, singleColumn, type GridPos, type Panel, type Section } from '@narthex/dashmodel';
import { panelLookup } from '@narthex/runner';
import { interpolate } from '@narthex/vars';
import { Icon } from '@narthex/vizkit';
import { useEffect, useRef, useState } from 'react';

import { PanelBox } from './PanelBox';
import { useScope } from './scope';

const COLUMN_COUNT = 24;
const CELL_HEIGHT_PX = 30;
const GAP_PX = 8;
// Panels this far outside the window are loaded already, so that scrolling shows them ready.
const NEAR = '400px';

function pixels({ x, y, w, h }: GridPos, widthPx: number) {
  const column = (widthPx + GAP_PX) / COLUMN_COUNT;
  return {
    left: Math.round(x * column),
    top: y * (CELL_HEIGHT_PX + GAP_PX),
    width: Math.round((x + w) * column) - Math.round(x * column) - GAP_PX,
    height: h * (CELL_HEIGHT_PX + GAP_PX) - GAP_PX,
  };
}

/** True from the first time the element comes near the window; a panel seen once stays alive. */
function useIsNear() {
  const ref = useRef<HTMLDivElement>(null);
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || isNear) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setIsNear(true), { rootMargin: NEAR });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isNear]);
  return { ref, isNear };
}

function Cell({ panel, gridPos, widthPx }: { panel: Panel; gridPos: GridPos; widthPx: number }) {
  const { ref, isNear } = useIsNear();
  const box = pixels(gridPos, widthPx);
  return (
    <div ref={ref} className="cell" style={box}>
      <PanelBox panel={panel} width={box.width} height={box.height} isActive={isNear} isViewed={false} />
    </div>
  );
}

interface RowHeadingProps {
  row: Panel;
  count: number;
  isCollapsed: boolean;
  onToggle: () => void;
}

function RowHeading({ row, count, isCollapsed, onToggle }: RowHeadingProps) {
  const scope = useScope();
  const title = interpolate(row.title, { lookup: panelLookup(scope.variables, row.bound, scope.builtins) });
  return (
    <h2 className="row-heading">
      <button type="button" aria-expanded={!isCollapsed} onClick={onToggle} data-testid={`data-testid dashboard-row-title-${title}`}>
        <Icon name={isCollapsed ? 'angle-right' : 'angle-down'} />
        <span>{title}</span>
        {isCollapsed && <small>{count === 1 ? '1 panel' : `${count} panels`}</small>}
      </button>
    </h2>
  );
}

function SectionView({ section, widthPx }: { section: Section; widthPx: number }) {
  const [isCollapsed, setIsCollapsed] = useState(section.row?.collapsed ?? false);
  const { panels, rowCount } = columnsOf(widthPx) === 'single' ? singleColumn(section) : section;
  const height = Math.max(0, rowCount * (CELL_HEIGHT_PX + GAP_PX) - GAP_PX);
  return (
    <section className="grid-section">
      {section.row && (
        <RowHeading row={section.row} count={panels.length} isCollapsed={isCollapsed} onToggle={() => setIsCollapsed(!isCollapsed)} />
      )}
      {!isCollapsed && (
        <div className="grid" style={{ height }}>
          {panels.map(({ panel, gridPos }) => (
            <Cell key={panel.key} panel={panel} gridPos={gridPos} widthPx={widthPx} />
          ))}
        </div>
      )}
    </section>
  );
}

export function DashboardGrid({ sections, widthPx }: { sections: readonly Section[]; widthPx: number }) {
  if (widthPx === 0) return null;
  return sections.map((section, index) => (
    <SectionView key={section.row?.key ?? `top-${index}`} section={section} widthPx={widthPx} />
  ));
}
