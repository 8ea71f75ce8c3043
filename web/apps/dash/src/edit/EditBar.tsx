// What can be done to a dashboard as a whole: look at it, edit it, save it.
import { addPanel, type AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { setStar, type DashboardAnswer } from '@narthex/grafanaapi';
import { Dropdown, Menu, ToolbarButton } from '@narthex/vizkit';
import { useState } from 'react';

import { updateSearch } from '../router/location';
import { useSession } from '../session/SessionGate';
import { useEditing } from './EditContext';
import { copiedPanel, pastePanel } from './panel_clipboard';

interface EditBarProps {
  meta: Omit<DashboardAnswer, 'dashboard'>;
  onEdit: (isEditing: boolean) => void;
  onSave: () => void;
}

function newPanel(type: string, source: { uid: string; type: string } | undefined): AnyRecord {
  if (type === 'row') return { type: 'row', title: 'Row title', collapsed: false, panels: [] };
  const queries = source ? { datasource: source, targets: [{ refId: 'A', expr: '', legendFormat: '__auto', range: true, datasource: source }] } : {};
  return { type, title: type === 'text' ? '' : 'New panel', fieldConfig: { defaults: {}, overrides: [] }, options: type === 'text' ? { mode: 'markdown', content: '# Title' } : {}, ...(type === 'text' ? {} : queries) };
}

function AddMenu() {
  const { json, change } = useEditing();
  const { settings } = useSession();
  const standard = settings.dataSources.find(({ isDefault }) => isDefault) ?? settings.dataSources[0];
  const source = standard && { uid: standard.uid, type: standard.type };
  const add = (type: string): void => {
    const { dashboard, id } = addPanel(json, newPanel(type, source), type === 'row' ? { w: 24, h: 1 } : { w: 12, h: 8 });
    change(dashboard);
    if (type !== 'row') updateSearch({ editPanel: String(id) });
  };
  // Drawn anew at each opening: it may have been copied meanwhile, on another page.
  const items = () => {
    const copied = copiedPanel();
    return (
      <Menu ariaLabel="Add">
        <Menu.Item label="Visualization" icon="chart-line" onClick={() => add('timeseries')} />
        <Menu.Item label="Text" icon="file-alt" onClick={() => add('text')} />
        <Menu.Item label="Panel from the library" icon="library-panel" onClick={() => updateSearch({ shareView: 'library', sharePanel: undefined })} />
        <Menu.Item label="Row" icon="bars" onClick={() => add('row')} />
        {copied && <Menu.Item label="Paste panel" description={text(copied['title'])} icon="clipboard-alt" onClick={() => change(pastePanel(json, copied))} />}
      </Menu>
    );
  };
  return (
    <Dropdown overlay={items}>
      <ToolbarButton variant="canvas" icon="plus" isOpen={false}>
        Add
      </ToolbarButton>
    </Dropdown>
  );
}

function ShareMenu({ mayPublish }: { mayPublish: boolean }) {
  const open = (shareView: string) => () => updateSearch({ shareView, sharePanel: undefined });
  const items = (
    <Menu ariaLabel="Share">
      <Menu.Item label="Share link" icon="link" onClick={open('link')} />
      <Menu.Item label="Snapshot" description="With the data of now" icon="camera" onClick={open('snapshot')} />
      {mayPublish && <Menu.Item label="Public dashboard" description="For everybody who has its address" icon="globe" onClick={open('public_dashboard')} />}
      <Menu.Item label="Export JSON" icon="download-alt" onClick={open('export')} />
    </Menu>
  );
  return (
    <Dropdown overlay={items}>
      <ToolbarButton variant="canvas" icon="share-alt" isOpen={false} aria-label="Share" tooltip="Share" />
    </Dropdown>
  );
}

function Star({ uid, isStarred }: { uid: string; isStarred: boolean }) {
  const [isOn, setIsOn] = useState(isStarred);
  const toggle = (): void => {
    setIsOn(!isOn);
    // What the server did not take is not shown as taken.
    setStar(uid, !isOn).catch(() => setIsOn(isOn));
  };
  return <ToolbarButton variant="canvas" icon={isOn ? 'favorite' : 'star'} aria-pressed={isOn} aria-label={isOn ? 'Unstar' : 'Star'} tooltip={isOn ? 'Starred' : 'Star'} onClick={toggle} />;
}

export function EditBar({ meta, onEdit, onSave }: EditBarProps) {
  const { json, isEditing, isDirty, canUndo, canRedo, change, undo, redo, discard } = useEditing();
  const uid = text(json['uid']);
  if (!isEditing) {
    return (
      <>
        {uid !== '' && <Star uid={uid} isStarred={meta.isStarred} />}
        <ShareMenu mayPublish={meta.canEdit && uid !== ''} />
        {meta.canEdit && json['editable'] === false && (
          <ToolbarButton
            variant="canvas"
            icon="pen"
            onClick={() => {
              change({ ...json, editable: true });
              onEdit(true);
            }}
          >
            Make editable
          </ToolbarButton>
        )}
        {meta.canEdit && json['editable'] !== false && (
          <ToolbarButton variant="canvas" icon="pen" onClick={() => onEdit(true)}>
            Edit
          </ToolbarButton>
        )}
      </>
    );
  }
  return (
    <>
      <AddMenu />
      <ToolbarButton variant="canvas" icon="corner-up-left" aria-label="Undo" tooltip="Undo" disabled={!canUndo} onClick={undo} />
      <ToolbarButton variant="canvas" icon="corner-up-right" aria-label="Redo" tooltip="Redo" disabled={!canRedo} onClick={redo} />
      <ToolbarButton variant="canvas" icon="cog" aria-label="Settings" tooltip="Settings" onClick={() => updateSearch({ editview: 'general', editPanel: undefined })} />
      <ToolbarButton variant={isDirty ? 'primary' : 'canvas'} icon="save" onClick={onSave}>
        Save
      </ToolbarButton>
      {isDirty && (
        <ToolbarButton variant="canvas" onClick={discard}>
          Discard
        </ToolbarButton>
      )}
      {uid !== '' && (
        <ToolbarButton
          variant="canvas"
          onClick={() => {
            updateSearch({ editPanel: undefined, editview: undefined });
            onEdit(false);
          }}
        >
          Exit edit
        </ToolbarButton>
      )}
    </>
  );
}
