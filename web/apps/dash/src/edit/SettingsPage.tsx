// What belongs to the dashboard as a whole.
import { migrate, type AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, text } from '@narthex/dashmodel/json';
import { deleteDashboard } from '@narthex/grafanaapi';
import { Alert, Button, Tab, TabContent, TabsBar } from '@narthex/vizkit';
import { useState } from 'react';

import { SureButton } from '../manage/Listing';
import { PermissionsForm } from '../manage/PermissionsForm';
import { navigate, setLeaveGuard, updateSearch } from '../router/location';
import { annotationSpecs, settledAnnotation } from './annotation_specs';
import { useEditing } from './EditContext';
import { OptionForm } from './form';
import { ListPane } from './ListPane';
import { GENERAL, linkSpecs, settledLink, TIME } from './settings_specs';
import { VariablesPane } from './VariablesPane';
import { VersionsPane } from './VersionsPane';

/** Gone for good; what it had leads nowhere from then on. */
function DeleteSection({ json }: { json: AnyRecord }) {
  const [fault, setFault] = useState('');
  const uid = text(json['uid']);
  const remove = (): void => {
    deleteDashboard(uid).then(
      () => {
        setLeaveGuard(undefined);
        navigate('/dashboards');
      },
      (error: unknown) => setFault(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <section aria-label="Delete" className="option-list">
      <h3>Delete</h3>
      {fault !== '' && <Alert severity="error" title={fault} />}
      <SureButton label="Delete dashboard" onSure={remove} />
    </section>
  );
}

function GeneralPane({ json, onChange }: PaneProps) {
  return (
    <>
      <section aria-label="General" className="option-list">
        <OptionForm root={json} specs={GENERAL} onChange={onChange} />
      </section>
      <section aria-label="Time" className="option-list">
        <h3>Time</h3>
        <OptionForm root={json} specs={TIME} onChange={onChange} />
      </section>
      {text(json['uid']) !== '' && <DeleteSection json={json} />}
    </>
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

const TABS = ['General', 'Variables', 'Annotations', 'Links', 'Versions', 'Permissions', 'JSON'] as const;
// Of what is stored.
const STORED_TABS: ReadonlySet<string> = new Set(['Versions', 'Permissions']);

export function SettingsPage({ view, onRestored }: { view: string; onRestored: () => void }) {
  const { json, change } = useEditing();
  const shown = TABS.find((tab) => tab.toLowerCase() === view.toLowerCase()) ?? 'General';
  const isNew = text(json['uid']) === '';
  const pane = { json, onChange: change };
  return (
    <div className="settings-page">
      <TabsBar>
        {TABS.filter((tab) => !STORED_TABS.has(tab) || !isNew).map((tab) => (
          <Tab key={tab} label={tab} active={tab === shown} onChangeTab={() => updateSearch({ editview: tab.toLowerCase() }, 'replace')} />
        ))}
      </TabsBar>
      <TabContent>
        {shown === 'General' && <GeneralPane {...pane} />}
        {shown === 'Variables' && <VariablesPane {...pane} />}
        {shown === 'Links' && (
          <ListPane name="Link" list={json['links']} specs={linkSpecs} settled={settledLink} titleKey="title" fresh={{ title: 'New link', type: 'link', url: '' }} onChange={(links) => change({ ...json, links })} />
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
        {shown === 'Permissions' && <PermissionsForm subject={{ dashboardUid: text(json['uid']) }} />}
        {shown === 'JSON' && <JsonPane {...pane} />}
      </TabContent>
    </div>
  );
}
