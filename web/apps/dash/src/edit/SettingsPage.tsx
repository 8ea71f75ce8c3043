// What belongs to the dashboard as a whole.
import { migrate, type AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, text } from '@narthex/dashmodel/json';
import { Button, Tab, TabContent, TabsBar } from '@narthex/vizkit';
import { useState } from 'react';

import { updateSearch } from '../router/location';
import { annotationSpecs, settledAnnotation } from './annotation_specs';
import { useEditing } from './EditContext';
import { OptionForm, type OptionSpec } from './form';
import { ListPane } from './ListPane';
import { VariablesPane } from './VariablesPane';
import { VersionsPane } from './VersionsPane';

const GENERAL: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'description', label: 'Description', kind: 'lines' },
  { path: 'tags', label: 'Tags (JSON list)', kind: 'json', fallback: [] },
  { path: 'timezone', label: 'Time zone', kind: 'text', hint: 'browser, utc or a name such as Europe/Berlin; empty: as each person prefers', fallback: '' },
  { path: 'weekStart', label: 'Week starts on', kind: 'choice', choices: [['', 'Default'], ['saturday', 'Saturday'], ['sunday', 'Sunday'], ['monday', 'Monday']], fallback: '' },
  { path: 'time.from', label: 'From', kind: 'text', fallback: 'now-6h' },
  { path: 'time.to', label: 'To', kind: 'text', fallback: 'now' },
  { path: 'refresh', label: 'Refresh', kind: 'text' },
  { path: 'timepicker.hidden', label: 'Hide the time picker', kind: 'switch' },
];
const TOOLTIPS: NonNullable<OptionSpec['choices']> = [
  ['0', 'Each panel on its own'],
  ['1', 'Shared crosshair'],
  ['2', 'Shared tooltip'],
];
const LINK: readonly OptionSpec[] = [
  { path: 'title', label: 'Title', kind: 'text' },
  { path: 'type', label: 'Type', kind: 'choice', choices: [['link', 'Link'], ['dashboards', 'Dashboards']], fallback: 'link' },
  { path: 'url', label: 'Address', kind: 'text' },
  { path: 'tags', label: 'With tags (JSON list)', kind: 'json', fallback: [] },
  { path: 'keepTime', label: 'Carry the time range on', kind: 'switch' },
  { path: 'includeVars', label: 'Carry the variables on', kind: 'switch' },
  { path: 'targetBlank', label: 'New window', kind: 'switch' },
  { path: 'asDropdown', label: 'As a menu', kind: 'switch' },
];
function GeneralPane({ json, onChange }: PaneProps) {
  return (
    <section aria-label="General" className="option-list">
      <OptionForm root={json} specs={GENERAL} onChange={onChange} />
      <OptionForm
        root={{ graphTooltip: String(json['graphTooltip'] ?? 0) }}
        specs={[{ path: 'graphTooltip', label: 'Cursor', kind: 'choice', choices: TOOLTIPS, fallback: '0' }]}
        onChange={(root) => onChange({ ...json, graphTooltip: Number(root['graphTooltip']) })}
      />
    </section>
  );
}

function JsonPane({ json, onChange }: PaneProps) {
  const [draft, setDraft] = useState(() => JSON.stringify(json, null, 2));
  const [fault, setFault] = useState('');
  const apply = (): void => {
    try {
      const parsed: unknown = JSON.parse(draft);
      if (!isRecord(parsed)) throw new Error('a dashboard is an object');
      setFault('');
      onChange(migrate(parsed));
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section aria-label="JSON model" className="option-list">
      <textarea className="json-area" aria-label="JSON of the dashboard" rows={30} spellCheck={false} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} />
      {fault && <p role="alert">{fault}</p>}
      <div className="button-row">
        <Button onClick={apply}>Apply</Button>
      </div>
    </section>
  );
}

interface PaneProps {
  json: AnyRecord;
  onChange: (json: AnyRecord) => void;
}

const TABS = ['General', 'Variables', 'Annotations', 'Links', 'Versions', 'JSON'] as const;

export function SettingsPage({ view, onRestored }: { view: string; onRestored: () => void }) {
  const { json, change } = useEditing();
  const shown = TABS.find((tab) => tab.toLowerCase() === view.toLowerCase()) ?? 'General';
  const isNew = text(json['uid']) === '';
  const pane = { json, onChange: change };
  return (
    <div className="settings-page">
      <TabsBar>
        {TABS.filter((tab) => tab !== 'Versions' || !isNew).map((tab) => (
          <Tab key={tab} label={tab} active={tab === shown} onChangeTab={() => updateSearch({ editview: tab.toLowerCase() }, 'replace')} />
        ))}
      </TabsBar>
      <TabContent>
        {shown === 'General' && <GeneralPane {...pane} />}
        {shown === 'Variables' && <VariablesPane {...pane} />}
        {shown === 'Links' && (
          <ListPane name="Link" list={json['links']} specs={LINK} titleKey="title" fresh={{ title: 'New link', type: 'link', url: '' }} onChange={(links) => change({ ...json, links })} />
        )}
        {shown === 'Annotations' && (
          <ListPane
            name="Annotation"
            list={record(json['annotations'])['list']}
            specs={annotationSpecs}
            settled={settledAnnotation}
            titleKey="name"
            fresh={{ name: 'New annotation', enable: true, iconColor: 'red', expr: '' }}
            onChange={(list) => change({ ...json, annotations: { ...record(json['annotations']), list } })}
          />
        )}
        {shown === 'Versions' && <VersionsPane onRestored={onRestored} />}
        {shown === 'JSON' && <JsonPane {...pane} />}
      </TabContent>
    </div>
  );
}
