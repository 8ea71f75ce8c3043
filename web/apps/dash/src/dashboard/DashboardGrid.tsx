// The panels on their grid, section by section. On large dashboards, what is far from the window neither asks
// nor draws.
import { columnsOf, placePanel, singleColumn, type GridPos, type Panel, type Section } from '@narthex/dashmodel';
import { useEffect, useRef, useState } from 'react';

import { useEditing } from '../edit/EditContext';
import { GridHandles, usePreview } from '../edit/GridHandles';
import { CELL_HEIGHT_PX, COLUMN_COUNT, GAP_PX } from './grid_sizes';
import { PanelBox } from './PanelBox';
import { RowHeading } from './RowHeading';
import { isCopy, useFolding } from './rows';

// Panels this far outside the window are loaded already, so that scrolling shows them ready.
const NEAR = '400px';
// A dashboard of up to this many panels is loaded whole, what is far from the window a moment later: it costs
// little, and nobody scrolls into blanks. Larger ones load as one scrolls.
const WHOLE_PANEL_COUNT_MAX = 30;
const WHOLE_AFTER_MS = 500;

export function pixels({ x, y, w, h }: GridPos, widthPx: number) {
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

/** True from a moment after the first panels on, where the dashboard is small enough to be loaded whole. */
function useLoadsWhole(sections: readonly Section[]): boolean {
  const isSmall = sections.reduce((count, { panels }) => count + panels.length, 0) <= WHOLE_PANEL_COUNT_MAX;
  const [isLater, setIsLater] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setIsLater(true), WHOLE_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return isSmall && isLater;
}

interface CellProps {
  panel: Panel;
  gridPos: GridPos;
  widthPx: number;
  loadsWhole: boolean;
  /** Under one another on a narrow screen, where there is no grid to move on. */
  isSingle: boolean;
}

function Cell({ panel, gridPos, widthPx, loadsWhole, isSingle }: CellProps) {
  const { ref, isNear } = useIsNear();
  const { json, isEditing, change } = useEditing();
  const [preview, setPreview] = usePreview();
  const box = pixels(gridPos, widthPx);
  const shown = preview && pixels({ ...preview, x: preview.x, y: gridPos.y + preview.y - panel.gridPos.y }, widthPx);
  const cell = { width: (widthPx + GAP_PX) / COLUMN_COUNT, height: CELL_HEIGHT_PX + GAP_PX };
  return (
    <>
      <div ref={ref} className="cell" style={box}>
        <PanelBox panel={panel} width={box.width} height={box.height} isActive={isNear || loadsWhole} isViewed={false} />
        {isEditing && !isSingle && !isCopy(panel) && (
          <GridHandles title={panel.title || `panel ${panel.id}`} gridPos={panel.gridPos} cell={cell} onPreview={setPreview} onPlace={(to) => change(placePanel(json, panel.id, to))} />
        )}
      </div>
      {shown && <div className="cell grid-preview" style={shown} />}
    </>
  );
}

function SectionView({ section, widthPx, loadsWhole }: { section: Section; widthPx: number; loadsWhole: boolean }) {
  const { isCollapsed, toggle } = useFolding(section.row);
  const isSingle = columnsOf(widthPx) === 'single';
  const { panels, rowCount } = isSingle ? singleColumn(section) : section;
  const height = Math.max(0, rowCount * (CELL_HEIGHT_PX + GAP_PX) - GAP_PX);
  return (
    <section className="grid-section">
      {section.row && (
        <RowHeading row={section.row} count={panels.length} isCollapsed={isCollapsed} onToggle={toggle} />
      )}
      {!isCollapsed && (
        <div className="grid" style={{ height }}>
          {panels.map(({ panel, gridPos }) => (
            <Cell key={panel.key} panel={panel} gridPos={gridPos} widthPx={widthPx} loadsWhole={loadsWhole} isSingle={isSingle} />
          ))}
        </div>
      )}
    </section>
  );
}

export function DashboardGrid({ sections, widthPx }: { sections: readonly Section[]; widthPx: number }) {
  const loadsWhole = useLoadsWhole(sections);
  if (widthPx === 0) return null;
  return sections.map((section, index) => (
    <SectionView key={section.row?.key ?? `top-${index}`} section={section} widthPx={widthPx} loadsWhole={loadsWhole} />
  ));
}
