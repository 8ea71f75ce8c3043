// One panel under edit: how it looks above its queries, its options beside them.
import { findPanelJson, GRID_COLUMNS, replacePanel, type AnyRecord, type Panel } from '@narthex/dashmodel';
import { InlineSwitch, RadioButtonGroup, Tab, TabContent, TabsBar, useElementSize } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { EmptyState } from '../components/states';
import { GAP_PX, ROW_PITCH_PX } from '../dashboard/grid_sizes';
import { PanelBox } from '../dashboard/PanelBox';
import { useEditing } from './EditContext';
import { OptionsPane } from './OptionsPane';
import { QueryTab } from './QueryTab';
import { hasFields } from './specs';
import { TransformTab } from './TransformTab';

const PAGE_MARGINS_PX = 32;

type TabName = 'Queries' | 'Transformations' | 'JSON';

function JsonTab({ panel, onChange }: { panel: AnyRecord; onChange: (panel: AnyRecord) => void }) {
  const [draft, setDraft] = useState(() => JSON.stringify(panel, null, 2));
  const [fault, setFault] = useState('');
  const commit = (): void => {
    try {
      const parsed: unknown = JSON.parse(draft);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('a panel is an object');
      setFault('');
      onChange({ ...parsed });
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="query-tab">
      <textarea className="json-area" aria-label="JSON of the panel" rows={24} spellCheck={false} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} onBlur={commit} />
      {fault && <p role="alert">{fault}</p>}
    </div>
  );
}

type Size = 'fill' | 'actual';

const SIZES: Array<{ value: Size; label: string; description: string }> = [
  { value: 'fill', label: 'Fill', description: 'As large as there is room' },
  { value: 'actual', label: 'Actual', description: 'As on the dashboard' },
];

/** The same data, cell by cell. */
const tableOf = (panel: Panel): Panel => ({ ...panel, type: 'table', options: {}, fieldConfig: { ...panel.fieldConfig, defaults: { ...panel.fieldConfig.defaults, custom: {} }, overrides: [] } });

/** As the panel stands on its dashboard in this window. */
function actualBox({ gridPos: { w, h } }: Panel): { width: number; height: number } {
  return { width: Math.round(((window.innerWidth - PAGE_MARGINS_PX) * w) / GRID_COLUMNS), height: h * ROW_PITCH_PX - GAP_PX };
}

export function PanelEditor({ panel }: { panel: Panel }) {
  const { json, change } = useEditing();
  const [tab, setTab] = useState<TabName>('Queries');
  const [measure, { width, height }] = useElementSize();
  const [isTable, setIsTable] = useState(false);
  const [size, setSize] = useState<Size>('fill');
  const shownPanel = useMemo(() => (isTable ? tableOf(panel) : panel), [isTable, panel]);
  const source = findPanelJson(json, panel.id);
  const box = size === 'actual' ? actualBox(panel) : { width, height };
  if (!source) return <EmptyState icon="question-circle" title="This panel is gone" />;
  const set = (next: AnyRecord): void => change(replacePanel(json, panel.id, next));
  const tabs: TabName[] = hasFields(panel.type) ? ['Queries', 'Transformations', 'JSON'] : ['JSON'];
  const shown = tabs.includes(tab) ? tab : 'JSON';
  return (
    <div className="panel-editor">
      <div className="panel-editor-main">
        <div className="panel-editor-bar">
          {hasFields(panel.type) && <InlineSwitch id="table-view" label="Table view" showLabel value={isTable} onChange={(event) => setIsTable(event.currentTarget.checked)} />}
          <RadioButtonGroup size="sm" aria-label="Size of the preview" options={SIZES} value={size} onChange={setSize} />
        </div>
        <div className="panel-editor-preview" ref={measure}>
          {width > 0 && (
            <div className="panel-editor-sized" style={box}>
              <PanelBox key={`${panel.key}/${shownPanel.type}`} panel={shownPanel} width={box.width} height={box.height} isActive isViewed />
            </div>
          )}
        </div>
        <TabsBar>
          {tabs.map((name) => (
            <Tab key={name} label={name} active={name === shown} onChangeTab={() => setTab(name)} />
          ))}
        </TabsBar>
        <TabContent>
          {shown === 'Queries' && <QueryTab panel={source} onChange={set} />}
          {shown === 'Transformations' && <TransformTab model={panel} panel={source} onChange={set} />}
          {shown === 'JSON' && <JsonTab key={JSON.stringify(source).length} panel={source} onChange={set} />}
        </TabContent>
      </div>
      <OptionsPane panel={source} onChange={set} />
    </div>
  );
}
