// The panel under edit: as large as there is room, or as large as on its dashboard; its data as a table instead.
import type { Panel } from '@narthex/dashmodel';
import { RadioButtonGroup, useElementSize } from '@narthex/vizkit';
import { useState } from 'react';

import { LabelledSwitch } from '../components/LabelledSwitch';
import { pixels } from '../dashboard/DashboardGrid';
import { PanelBox } from '../dashboard/PanelBox';
import { asTable, type Size } from './preview';
import { hasFields } from './specs';

const SIZES: Array<{ value: Size; label: string; description: string }> = [
  { value: 'fill', label: 'Fill', description: 'As large as there is room' },
  { value: 'actual', label: 'Actual', description: 'As large as on the dashboard' },
];

/** `pageWidthPx` is what a dashboard has for its panels. */
export function PanelPreview({ panel, pageWidthPx }: { panel: Panel; pageWidthPx: number }) {
  const [measure, room] = useElementSize();
  const [size, setSize] = useState<Size>('fill');
  const [isTable, setIsTable] = useState(false);
  const { width, height } = size === 'fill' ? room : pixels(panel.gridPos, pageWidthPx);
  const shown = isTable ? asTable(panel) : panel;
  return (
    <>
      <div className="preview-tools">
        {hasFields(panel.type) && <LabelledSwitch label="Table view" value={isTable} onChange={setIsTable} />}
        <RadioButtonGroup size="sm" aria-label="Size of the panel" options={SIZES} value={size} onChange={setSize} />
      </div>
      <div className={`panel-editor-preview preview-${size}`} ref={measure}>
        {room.width > 0 && (
          <div style={{ width, height }}>
            <PanelBox key={`${panel.key}/${shown.type}`} panel={shown} width={width} height={height} isActive isViewed />
          </div>
        )}
      </div>
    </>
  );
}
