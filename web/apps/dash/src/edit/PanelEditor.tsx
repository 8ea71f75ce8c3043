// One panel under edit: how it looks above its queries, its options beside them.
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { Button, Icon, Tab, TabContent, TabsBar, useElementSize } from '@narthex/vizkit';
import { useState } from 'react';

import { EmptyState } from '../components/states';
import { useEditing } from './EditContext';
import './editor.css';
import { FactsContext, usePanelFacts } from './facts';
import { OptionsPane } from './OptionsPane';
import { panelSource, type PanelChange } from './panel_source';
import { PanelPreview } from './PanelPreview';
import { QueryTab } from './QueryTab';
import { hasFields } from './specs';
import { TransformTab } from './TransformTab';

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

const refIdsOf = (panel: AnyRecord): string[] => records(panel['targets']).map((target) => text(target['refId']));

function LibraryNote({ name, onUnlink }: { name: string; onUnlink: () => void }) {
  return (
    <p className="library-note" role="note">
      <Icon name="library-panel" size="xl" aria-hidden />
      <span>
        Library panel <strong>{name}</strong>: what is changed here is seen, once saved, on every dashboard that shows it.
      </span>
      <Button size="sm" variant="secondary" onClick={onUnlink}>
        Unlink library panel
      </Button>
    </p>
  );
}

export function PanelEditor({ panel }: { panel: Panel }) {
  const { json, library, change } = useEditing();
  const own = panelSource(json, library, panel.id);
  const source = own?.panel;
  const [tab, setTab] = useState<TabName>('Queries');
  const [measure, { width }] = useElementSize();
  const facts = usePanelFacts(panel.key, source ? refIdsOf(source) : []);
  if (!own || !source) return <EmptyState icon="question-circle" title="This panel is gone" />;
  const apply = (next: PanelChange): void => change(next.json, next.models);
  const set = (next: AnyRecord): void => apply(own.changed(next));
  const tabs: TabName[] = hasFields(panel.type) ? ['Queries', 'Transformations', 'JSON'] : ['JSON'];
  const shown = tabs.includes(tab) ? tab : 'JSON';
  return (
    <FactsContext value={facts}>
      <div className="panel-editor" ref={measure}>
        <div className="panel-editor-main">
          {own.element && <LibraryNote name={own.element.name} onUnlink={() => apply(own.unlinked())} />}
          <PanelPreview panel={panel} pageWidthPx={width} />
          <TabsBar>
            {tabs.map((name) => (
              <Tab key={name} label={name} active={name === shown} onChangeTab={() => setTab(name)} />
            ))}
          </TabsBar>
          <TabContent>
            {shown === 'Queries' && <QueryTab panel={source} panelKey={panel.key} onChange={set} />}
            {shown === 'Transformations' && <TransformTab model={panel} panel={source} onChange={set} />}
            {shown === 'JSON' && <JsonTab key={JSON.stringify(source).length} panel={source} onChange={set} />}
          </TabContent>
        </div>
        <OptionsPane panel={source} model={panel} onChange={set} />
      </div>
    </FactsContext>
  );
}
